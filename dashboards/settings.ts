/** What may be chosen about how links are watched; times are Prometheus' durations in seconds unless named otherwise. */
export interface Settings {
  /** How often the rules that page are evaluated. They ought to be as often as the probe is scraped. */
  readonly evaluationSeconds: number
  /** How long something must stand before it is an alert: a multiple of `evaluationSeconds`. */
  readonly sustainedSeconds: number
  /** How long an alert goes on when its reason is gone, so that neither a flap nor a restart of the probe ends it. */
  readonly keepFiringSeconds: number
  /** Share of time in which each link is meant to work, over 30 days. */
  readonly objective: number
  /**
   * Where the runbooks are read, without a last slash. A Prometheus template: by default a Prometheus that is started with
   * `--web.user-assets=dashboards` serves them itself.
   */
  readonly runbooks: string
  /** Where Grafana is, without a last slash, so that alerts lead to a target's board. */
  readonly grafana: string | undefined
}

/** What the generated files are made with. */
export const settings: Settings = {
  evaluationSeconds: 10,
  sustainedSeconds: 20,
  keepFiringSeconds: 120,
  objective: 0.999,
  runbooks: '{{ $externalURL }}/user/runbooks',
  grafana: undefined
}
