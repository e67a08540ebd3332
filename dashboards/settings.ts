import packageFile from '../package.json' with { type: 'json' }

/** The settings of rules and boards. Durations are in seconds. */
export interface Settings {
  /** How often Prometheus evaluates the rules that page. Use the scrape interval of the probe. */
  readonly evaluationSeconds: number
  /** How long an alert keeps firing after its cause is gone, so that neither a flap nor a restart of the probe ends it. */
  readonly keepFiringSeconds: number
  /** The availability objective of each link: its share of the time, over 30 days. */
  readonly objective: number
  /**
   * The URL of the runbooks, without a slash at the end. It may be a Prometheus template: `{{ $externalURL }}/user/runbooks` if Prometheus
   * is started with `--web.user-assets=dashboards`. By default, it is that of this version's package on unpkg.com.
   */
  readonly runbooks: string
  /** The URL of Grafana, without a slash at the end. Alerts then have a link to the board of the target. */
  readonly grafana: string | undefined
}

/** The settings of the generated files in the repository. */
export const settings: Settings = {
  evaluationSeconds: 10,
  keepFiringSeconds: 120,
  objective: 0.999,
  runbooks: `https://app.unpkg.com/${packageFile.name}@${packageFile.version}/files/dashboards/runbooks`,
  grafana: undefined
}
