/** A family of series, all of which exist once for each target. */
export interface Family<Seen> {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Labels in addition to `target`. */
  readonly labels: readonly string[]
  /** Its samples for one target, each a whole line; none where there is nothing to say. */
  readonly samples: (seen: Seen, line: Line) => string
}

/**
 * Writes one sample.
 *
 * @param labels the labels after `target`, with the leading comma
 * @param suffix `_bucket`, `_sum` or `_count` of a histogram
 */
export type Line = (value: number, labels?: string, suffix?: string) => string

/** A writer of samples of a family, for one target. */
export function lineOf(name: string, target: string): Line {
  const quoted = `"${escapeLabel(target)}"`
  return (value, labels = '', suffix = '') => `${name}${suffix}{target=${quoted}${labels}} ${value}\n`
}

/** Labels as `Line` wants them. */
export function labelled(labels: Readonly<Record<string, string | number>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `,${name}="${escapeLabel(String(value))}"`)
    .join('')
}

/** The two formats in which Prometheus takes metrics. */
export type Format = 'text' | 'openmetrics'

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8'
}

/** The lines before the samples of a family. OpenMetrics names a counter without its `_total`. */
export function heading({ name, type, help }: Pick<Family<never>, 'name' | 'type' | 'help'>, format: Format): string {
  const named = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name
  return `# HELP ${named} ${help}\n# TYPE ${named} ${type}\n`
}

/** Turns what prom-client wrote as text into OpenMetrics; its own way of doing so renames the metrics for good. */
export function asOpenMetrics(text: string): string {
  return text.replaceAll(/^# (HELP|TYPE) (\w+)_total /gm, '# $1 $2 ').replaceAll(/\n\n+/g, '\n')
}

function escapeLabel(value: string): string {
  return /["\\\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value
}
