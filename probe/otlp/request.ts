import type { Sample, SampledFamily } from '../metrics/sample.ts'

/** An `ExportMetricsServiceRequest` in the JSON encoding of OTLP 1.x (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"). */
export interface ExportMetricsRequest {
  readonly resourceMetrics: readonly [
    {
      readonly resource: { readonly attributes: readonly Attribute[] }
      readonly scopeMetrics: readonly [
        { readonly scope: { readonly name: string; readonly version: string }; readonly metrics: readonly object[] }
      ]
    }
  ]
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue: string }
}

/** Who reports. Prometheus makes the label `job` of the service's name, and `instance` of its id. */
export interface Reporter {
  readonly service: string
  readonly instance: string
  readonly version: string
  /** When it began to count, in milliseconds since 1970. */
  readonly startMs: number
}

/** A series: the name of its metric, its labels, and the bounds of its buckets if it is of a histogram. As text, so that it can be kept for long. */
export type SeriesKey = string

/** A series and what it has to say. */
interface Series {
  readonly labels: Sample['labels']
  readonly bounds: readonly number[]
  /** Of a histogram, one for each bucket, not cumulative. */
  readonly counts: readonly number[]
  /** The value, or of a histogram the sum. */
  readonly value: number
}

/** `AGGREGATION_TEMPORALITY_CUMULATIVE` */
const cumulative = 2

/**
 * `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`: the series ends here. Without it, Prometheus goes on with the last value for five minutes, and
 * a target has two cases for so long.
 */
const noRecordedValue = 1

/**
 * Makes a request of all samples, in which those series end that an earlier request had and that are gone. Pure.
 *
 * @param nowMs milliseconds since 1970
 */
export function exportRequest(
  families: readonly SampledFamily[],
  ended: Iterable<SeriesKey>,
  { service, instance, version, startMs }: Reporter,
  nowMs: number
): ExportMetricsRequest {
  const endedOf = Map.groupBy(Array.from(ended, readKey), ({ name }) => name)
  const times = { startTimeUnixNano: nanoseconds(startMs), timeUnixNano: nanoseconds(nowMs) }
  const metrics = families.flatMap(family => {
    const points = [
      ...seriesOf(family).map(series => ({ ...times, ...pointOf(family.type, series) })),
      ...(endedOf.get(family.name) ?? []).map(series => ({
        ...times,
        ...pointOf(family.type, { ...series, counts: Array(series.bounds.length + 1).fill(0), value: 0 }),
        flags: noRecordedValue
      }))
    ]
    return points.length === 0 ? [] : [metricOf(family, points)]
  })
  const attributes = { 'service.name': service, 'service.instance.id': instance, 'service.version': version }
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(attributes) },
        scopeMetrics: [{ scope: { name: service, version }, metrics }]
      }
    ]
  }
}

/** Every series that has a sample. */
export function seriesIn(families: readonly SampledFamily[]): ReadonlySet<SeriesKey> {
  return new Set(
    families.flatMap(family =>
      seriesOf(family).map(({ labels, bounds }) => JSON.stringify([family.name, labels, bounds]))
    )
  )
}

function readKey(key: SeriesKey): Pick<Series, 'labels' | 'bounds'> & { readonly name: string } {
  const [name, labels, bounds] = JSON.parse(key)
  return { name, labels, bounds }
}

function seriesOf({ type, samples }: SampledFamily): readonly Series[] {
  if (type !== 'histogram') return samples.map(({ labels, value }) => ({ labels, value, bounds: [], counts: [] }))
  const alike = Map.groupBy(samples, ({ labels: { le, ...labels } }) => JSON.stringify(labels))
  return Array.from(alike, ([labels, of]) => {
    const buckets = of.filter(({ suffix }) => suffix === '_bucket')
    return {
      labels: JSON.parse(labels),
      bounds: buckets.map(({ labels: { le } }) => Number(le)).filter(Number.isFinite),
      counts: buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0)),
      value: of.find(({ suffix }) => suffix === '_sum')?.value ?? 0
    }
  })
}

function pointOf(type: SampledFamily['type'], { labels, bounds, counts, value }: Series): object {
  const attributes = attributesOf(labels)
  if (type !== 'histogram') return { attributes, asDouble: double(value) }
  return {
    attributes,
    // 64 bits are text in the JSON of protobuf.
    count: String(counts.reduce((sum, count) => sum + count, 0)),
    sum: double(value),
    explicitBounds: bounds,
    bucketCounts: counts.map(String)
  }
}

/** Metrics have no unit: Prometheus would add it to the name, which has it. */
function metricOf({ name, help: description, type }: SampledFamily, dataPoints: readonly object[]): object {
  if (type === 'gauge') return { name, description, gauge: { dataPoints } }
  if (type === 'histogram') {
    return { name, description, histogram: { dataPoints, aggregationTemporality: cumulative } }
  }
  const sum = { dataPoints, aggregationTemporality: cumulative, isMonotonic: true }
  // Prometheus adds `_total` to the names of counters.
  return { name: name.replace(/_total$/, ''), description, sum }
}

function attributesOf(labels: Sample['labels']): readonly Attribute[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** Protobuf writes what JSON has no number for as text. */
function double(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`
}
