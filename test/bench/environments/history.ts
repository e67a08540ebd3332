import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import type { RuleGroup } from '../../../dashboards/alerts/rule.ts'

/** A series that rules read over a time, as a query gives it now. */
export interface PastSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
  readonly stepSeconds: number
  readonly seconds: number
}

/** What must be asked for the series that rules read over a time, how far back they read, and how often there is a sample. */
export interface Read {
  readonly name: string
  readonly query: string
  readonly stepSeconds: number
  readonly seconds: number
}

/** Windows that are shorter are filled by the scrapes of the benchmark itself. */
const leastSeconds = 120
/** The blocks that Prometheus compacts to, if it keeps 31 days: the greatest of 2 h, 6 h, 18 h, 54 h, … within a tenth of that. */
const blockSeconds = 54 * 3600
const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** The seconds of a duration of Prometheus with one unit. */
export function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? []
  if (!(unit in units)) throw new Error(`not a duration with one unit: ${duration}`)
  return Number(count) * units[unit as keyof typeof units]
}

/** Every metric that these rules read over a time, each with the longest time. */
export function readOverTime(groups: readonly RuleGroup[], scrapeSeconds: number): readonly Read[] {
  const recorded = new Map(
    groups.flatMap(({ interval, rules }) =>
      rules.flatMap(rule => ('record' in rule ? [[rule.record, { interval, query: rule.expr }] as const] : []))
    )
  )
  const longest = new Map<string, number>()
  for (const { expr } of groups.flatMap(({ rules }) => rules)) {
    for (const [, name = '', window = ''] of expr.matchAll(
      /([a-z_:][\w:]*)(?:\{[^}]*\})?\[(\d+[smhd])(?::[^\]]*)?\]/gi
    )) {
      longest.set(name, Math.max(longest.get(name) ?? 0, secondsOf(window)))
    }
  }
  return [...longest]
    .filter(([, seconds]) => seconds >= leastSeconds)
    .map(([name, seconds]) => {
      const rule = recorded.get(name)
      return {
        name,
        seconds,
        query: rule?.query ?? name,
        stepSeconds: rule === undefined ? scrapeSeconds : secondsOf(rule.interval)
      }
    })
}

/** Writes these series, up to now and with one value throughout, as blocks into a directory of Prometheus. */
export async function writeHistory(series: readonly PastSeries[], data: string, scratch: string): Promise<void> {
  const end = Math.floor(Date.now() / 1000)
  const begin = end - Math.max(...series.map(({ seconds }) => seconds))
  for (let block = Math.floor(begin / blockSeconds) * blockSeconds; block < end; block += blockSeconds) {
    const file = join(scratch, 'history.txt')
    const upTo = Math.min(block + blockSeconds, end)
    await pipeline(Readable.from(openMetrics(series, block, upTo, end)), createWriteStream(file))
    const often = [`--max-block-duration=${blockSeconds / 3600}h`, '--quiet']
    await execa('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', ...often, file, data])
  }
}

function* openMetrics(series: readonly PastSeries[], begin: number, upTo: number, end: number): Generator<string> {
  for (const { labels: all, value, stepSeconds, seconds } of series) {
    const { __name__: name, ...labels } = all
    const of = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`)
    const first = Math.ceil(Math.max(begin, end - seconds) / stepSeconds) * stepSeconds
    let lines = ''
    for (let at = first; at < upTo; at += stepSeconds) lines += `${name}{${of.join(',')}} ${value} ${at}\n`
    if (lines !== '') yield lines
  }
  yield '# EOF\n'
}
