import type { Registry } from 'prom-client'
import type { Family } from './exposition.ts'

/** A sample of a family, apart from any format. */
export interface Sample {
  /** `_bucket`, `_sum` or `_count` of a histogram, else empty. */
  readonly suffix: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A family with its samples: of a target, or of the process. */
export interface SampledFamily extends Pick<Family<never>, 'name' | 'type' | 'help'> {
  readonly samples: readonly Sample[]
}

/** All metrics as samples. */
export interface SampledMetrics {
  /** The metrics of the process. */
  readonly ofProcess: () => Promise<readonly SampledFamily[]>
  readonly targets: () => readonly string[]
  /** The metrics of a target, without a sample if it is gone. */
  readonly ofTarget: (target: string) => readonly SampledFamily[]
}

/** The samples of a target, read from what its families write, so that no format can say something else. None if it is gone. */
export function samplesOf<Seen>(
  families: readonly Family<Seen>[],
  target: string,
  seen: Seen | undefined
): readonly SampledFamily[] {
  return families.map(family => {
    const samples: Sample[] = []
    if (seen !== undefined)
      family.samples(seen, (value, labels = '', suffix = '') => {
        samples.push({ suffix, labels: { target, ...labelsIn(labels) }, value })
        return ''
      })
    return { name: family.name, type: family.type, help: family.help, samples }
  })
}

/** The samples of what prom-client keeps. */
export async function samplesInRegistry(registry: Registry): Promise<readonly SampledFamily[]> {
  const kept = await registry.getMetricsAsJSON()
  return kept.flatMap(({ name, help, type, values }) => {
    const kind = String(type)
    if (kind !== 'counter' && kind !== 'gauge' && kind !== 'histogram') return []
    const samples = values.map(each => ({
      suffix: 'metricName' in each ? String(each.metricName).slice(name.length) : '',
      labels: Object.fromEntries(Object.entries(each.labels).map(([label, value]) => [label, String(value)])),
      value: each.value
    }))
    return [{ name, type: kind, help, samples }]
  })
}

/** The labels of a line, the other way round than `labelled`. */
function labelsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(text.matchAll(/,(\w+)="((?:[^"\\]|\\.)*)"/gs), ([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    ])
  )
}
