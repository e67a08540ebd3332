/** What a cloud's probe hands to the rest of the stack: how to find it. */
export interface Probe {
  /** What to scrape, in the cloud's own words. */
  readonly scrape: Readonly<Record<string, unknown>>
  /** The same as a job of Prometheus: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
  readonly scrapeConfig: Readonly<Record<string, unknown>>
}
