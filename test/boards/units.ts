/** How Grafana shows a value of each unit that the boards use. */
const units: Readonly<Record<string, (value: number, decimals: number | undefined, nowMs: number) => string>> = {
  none: rounded,
  short: rounded,
  percentunit: (value, decimals) => `${rounded(value * 100, decimals)} %`,
  s: value =>
    value !== 0 && Math.abs(value) < 1 ? `${rounded(value * 1000, undefined)} ms` : `${rounded(value, undefined)} s`,
  decbytes: value => `${rounded(value / 1e6, 0)} MB`,
  cps: (value, decimals) => `${rounded(value, decimals)} c/s`,
  reqps: (value, decimals) => `${rounded(value, decimals)} req/s`,
  dateTimeFromNow: (value, _, nowMs) => fromNow(value - nowMs)
}

/**
 * A value in its unit.
 *
 * @param nowMs the moment that relative times refer to, in milliseconds
 * @throws Error for a unit that no board uses yet
 */
export function formatted(value: number, unit: string, decimals: number | undefined, nowMs: number): string {
  const format = units[unit]
  if (format === undefined) throw new Error(`the unit ${unit} is not known, only ${Object.keys(units).join(', ')}`)
  return format(value, decimals, nowMs)
}

/** With the digits that were asked for, or with three significant ones. */
function rounded(value: number, decimals: number | undefined): string {
  return decimals === undefined ? `${Number(value.toPrecision(3))}` : value.toFixed(decimals)
}

const spans = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1]
] as const

function fromNow(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [unit, length] = spans.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat('en').format(Math.round(seconds / length), unit)
}
