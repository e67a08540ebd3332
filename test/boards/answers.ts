import { z } from 'zod'
import type { GrafanaBoard, GrafanaPanel } from './board.ts'

const Labels = z.record(z.string(), z.string())
const Sample = z.tuple([z.number(), z.string().transform(Number)])
const Reply = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({ metric: Labels, value: Sample.optional(), values: z.array(Sample).optional() }).transform(each => ({
        labels: each.metric,
        samples: each.values ?? (each.value === undefined ? [] : [each.value])
      }))
    )
  })
})

/** A series that answers a query: its labels, and its samples as seconds and value. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly (readonly [seconds: number, value: number])[]
}

/** The answer to one query of a panel. */
export interface QueryAnswer {
  readonly refId: string
  readonly legend: string
  readonly series: readonly AnsweredSeries[]
}

/** What a board's variables and time range are. Times are in seconds. */
export interface TimeShown {
  readonly variables: Readonly<Record<string, string>>
  readonly from: number
  readonly to: number
  readonly stepSeconds: number
  readonly scrapeSeconds: number
}

/**
 * Asks a Prometheus what a board asks, with the intervals that Grafana would set.
 *
 * @param url of the Prometheus, without a slash at the end
 * @throws Error if Prometheus refuses a query, or does not answer within 30 seconds
 */
export async function answersTo(
  board: GrafanaBoard,
  url: string,
  shown: TimeShown
): Promise<ReadonlyMap<GrafanaPanel, readonly QueryAnswer[]>> {
  const answers = new Map<GrafanaPanel, readonly QueryAnswer[]>()
  for (const panel of board.panels) {
    const own: QueryAnswer[] = []
    for (const { expr, refId, legendFormat, instant } of panel.targets) {
      const query = inserted(expr, shown)
      const range = { start: `${shown.from}`, end: `${shown.to}`, step: `${shown.stepSeconds}` }
      const path = instant ? 'query' : 'query_range'
      const words = new URLSearchParams(instant ? { query, time: `${shown.to}` } : { query, ...range })
      const reply = await fetch(`${url}/api/v1/${path}?${words}`, { signal: AbortSignal.timeout(30_000) })
      if (!reply.ok) throw new Error(`${panel.title}: Prometheus refuses ${query}: ${await reply.text()}`)
      own.push({ refId, legend: legendFormat, series: Reply.parse(await reply.json()).data.result })
    }
    answers.set(panel, own)
  }
  return answers
}

/** Grafana's own intervals: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/ */
function inserted(expr: string, { variables, from, to, stepSeconds, scrapeSeconds }: TimeShown): string {
  const values = {
    ...variables,
    __rate_interval: `${Math.max(stepSeconds + scrapeSeconds, 4 * scrapeSeconds)}s`,
    __range: `${to - from}s`
  }
  return Object.entries(values).reduce((query, [name, value]) => query.replaceAll(`$${name}`, value), expr)
}
