import { type CustomSeriesOption, type EChartsOption, format, init } from 'echarts'
import type { AnsweredSeries, QueryAnswer, TimeShown } from './answers.ts'
import { type GrafanaBoard, type GrafanaPanel, Mappings } from './board.ts'
import { colorAt, colorOf, palette } from './colors.ts'
import { tableOf } from './table.ts'
import { formatted } from './units.ts'

/** What is written at the top of every picture, so that no one takes it for a screenshot. */
export const notByGrafana = "Drawn from the board's queries, not by Grafana"

const text = { font: 'Inter, Helvetica, Arial, sans-serif', ink: '#24292e', dim: '#6b7178' } as const
/** The width of a letter of a legend or an axis, in pixels. */
const letter = 6.4
const size = { column: 60, unit: 34, gap: 8, margin: 12, head: 54, title: 26 } as const

/**
 * A board as SVG: its panels in its grid, with what Prometheus answered.
 *
 * @param answers by panel, from `answersTo`
 * @param note what the data is, for the reader of the picture
 */
export function draw(
  board: GrafanaBoard,
  answers: ReadonlyMap<GrafanaPanel, readonly QueryAnswer[]>,
  shown: TimeShown,
  note: string
): string {
  const bottom = Math.max(...board.panels.map(({ gridPos }) => gridPos.y + gridPos.h))
  const width = 24 * size.column + 2 * size.margin
  const height = size.head + bottom * size.unit + size.margin
  const panels = board.panels.map(panel => {
    const { x, y, w, h } = panel.gridPos
    const box = { width: w * size.column - size.gap, height: h * size.unit - size.gap }
    const inner = panel.type === 'row' ? rowTitle(panel.title) : framed(panel, answers.get(panel) ?? [], shown, box)
    return `<g transform="translate(${size.margin + x * size.column + size.gap / 2} ${size.head + y * size.unit})">${inner}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${text.font}">`,
    `<title>${format.encodeHTML(`${board.title}. ${notByGrafana}. ${note}`)}</title>`,
    `<rect width="${width}" height="${height}" fill="#f4f5f5"/>`,
    label(size.margin + 4, 24, board.title, { size: 18, weight: 600 }),
    label(size.margin + 4, 44, `${notByGrafana}. ${note}`, { size: 13, fill: '#b3261e' }),
    ...panels,
    '</svg>\n'
  ].join('\n')
}

interface Box {
  readonly width: number
  readonly height: number
}

function framed(panel: GrafanaPanel, answers: readonly QueryAnswer[], shown: TimeShown, box: Box): string {
  const body = { width: box.width, height: box.height - size.title }
  return [
    `<rect width="${box.width}" height="${box.height}" rx="3" fill="#fff" stroke="#d8dadc"/>`,
    label(10, 18, panel.title, { size: 13, weight: 600 }),
    `<g transform="translate(0 ${size.title})">${content(panel, answers, shown, body)}</g>`
  ].join('')
}

function content(panel: GrafanaPanel, answers: readonly QueryAnswer[], shown: TimeShown, box: Box): string {
  const { noValue = 'No data' } = panel.fieldConfig.defaults
  if (answers.every(({ series }) => series.length === 0)) {
    return label(box.width / 2, box.height / 2, noValue, { size: 13, fill: text.dim, anchor: 'middle' })
  }
  switch (panel.type) {
    case 'row':
      return ''
    case 'stat':
      return stat(panel, answers, shown, box)
    case 'table':
      return table(panel, answers, shown, box)
    case 'timeseries':
      return chart(timeseries(panel, answers, shown, box), box)
    case 'state-timeline':
      return chart(stateTimeline(panel, answers, shown, box), box)
  }
}

function stat(panel: GrafanaPanel, answers: readonly QueryAnswer[], shown: TimeShown, box: Box): string {
  const { unit = 'none', decimals, thresholds } = panel.fieldConfig.defaults
  const value = answers[0]?.series[0]?.samples.at(-1)?.[1] ?? Number.NaN
  const words = formatted(value, unit, decimals, shown.to * 1000)
  return label(box.width / 2, box.height / 2 + 8, words, {
    size: Math.min(30, (1.5 * box.width) / words.length),
    weight: 600,
    fill: colorAt(value, thresholds?.steps ?? []),
    anchor: 'middle'
  })
}

function table(panel: GrafanaPanel, answers: readonly QueryAnswer[], shown: TimeShown, box: Box): string {
  const { columns, rows } = tableOf(panel, answers, shown.to * 1000)
  const needs = columns.map(
    (name, index) => Math.max(name.length, ...rows.map(row => row[index]?.text.length ?? 0)) + 3
  )
  const scale = (box.width - 12) / needs.reduce((sum, each) => sum + each, 0)
  const fontSize = Math.min(12, scale / 0.56)
  const left = needs.map((_, index) => 10 + scale * needs.slice(0, index).reduce((sum, each) => sum + each, 0))
  const header = columns.map((name, index) =>
    label(left[index] ?? 0, 16, name, { size: fontSize, fill: '#1f62c9', weight: 600 })
  )
  const cells = rows.flatMap((row, line) =>
    row.map((cell, index) =>
      label(left[index] ?? 0, 40 + 22 * line, cell.text, { size: fontSize, ...(cell.color && { fill: cell.color }) })
    )
  )
  return [...header, `<path d="M8 22H${box.width - 8}" stroke="#d8dadc"/>`, ...cells].join('')
}

function timeseries(panel: GrafanaPanel, answers: readonly QueryAnswer[], shown: TimeShown, box: Box): EChartsOption {
  const { unit = 'short', decimals, max, custom } = panel.fieldConfig.defaults
  const isBars = custom.drawStyle === 'bars'
  const series = answers.flatMap(({ legend, series: all }) => all.map(each => ({ name: named(legend, each), each })))
  const legendLines = Math.ceil((series.reduce((sum, { name }) => sum + name.length * letter + 40, 0) || 1) / box.width)
  const moments = [...new Set(series.flatMap(({ each }) => each.samples.map(([seconds]) => seconds)))].toSorted()
  return {
    ...common(shown),
    color: palette,
    grid: { left: 10, right: 16, top: 8, bottom: 6 + 24 * legendLines, containLabel: true },
    legend: {
      bottom: 2,
      left: 6,
      itemGap: 20,
      itemWidth: 14,
      itemHeight: 3,
      icon: 'rect',
      textStyle: { fontSize: 11 }
    },
    yAxis: {
      type: 'value',
      ...(max !== undefined && { max }),
      splitNumber: 4,
      axisLabel: { fontSize: 11, formatter: value => formatted(value, unit, decimals, shown.to * 1000) }
    },
    series: series.map(({ name, each }) => ({
      name,
      silent: true,
      ...(isBars
        ? { type: 'bar' as const, stack: 'all', barWidth: 3, data: atEach(moments, each) }
        : {
            type: 'line' as const,
            data: withGaps(each, shown.stepSeconds),
            showSymbol: false,
            lineStyle: { width: 1.5 },
            areaStyle: { opacity: 0.08 }
          })
    }))
  }
}

function stateTimeline(
  panel: GrafanaPanel,
  answers: readonly QueryAnswer[],
  shown: TimeShown,
  box: Box
): EChartsOption {
  const usual = panel.fieldConfig.defaults.mappings
  const rows = answers.flatMap(({ legend, series }) => series.map(each => ({ name: named(legend, each), each })))
  const most = Math.floor((box.width * 0.5) / letter)
  const left = 14 + letter * Math.min(most, Math.max(...rows.map(({ name }) => name.length)))
  const segments = rows.flatMap(({ name, each }, row) => {
    const colors = (overridden(panel, name) ?? usual)[0]?.options ?? {}
    return spans(each, shown).map(({ value, from, to }) => ({
      value: [row, from * 1000, to * 1000],
      itemStyle: { color: colorOf(colors[`${value}`]?.color ?? 'transparent') }
    }))
  })
  const renderItem: CustomSeriesOption['renderItem'] = (_, api) => {
    const [left = 0, middle = 0] = api.coord([api.value(1), api.value(0)])
    const [right = 0] = api.coord([api.value(2), api.value(0)])
    const row = api.size?.([0, 1])
    const height = Math.min(22, (Array.isArray(row) ? (row[1] ?? 20) : 20) * 0.8)
    const fill = api.visual('color')
    return {
      type: 'rect',
      shape: { x: left, y: middle - height / 2, width: right - left + 0.5, height },
      ...(typeof fill === 'string' && { style: { fill, opacity: 0.8 } })
    }
  }
  return {
    ...common(shown),
    grid: { left, right: 16, top: 6, bottom: 26 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => (name.length > most ? `…${name.slice(1 - most)}` : name)),
      axisTick: { show: false },
      axisLabel: { fontSize: 11 }
    },
    series: [{ type: 'custom', silent: true, renderItem, encode: { x: [1, 2], y: 0 }, data: segments }]
  }
}

interface ValueSpan {
  readonly value: number
  readonly from: number
  readonly to: number
}

/** From when to when a series had one value. A sample lasts a step. */
function spans({ samples }: AnsweredSeries, { stepSeconds, to }: TimeShown): readonly ValueSpan[] {
  const found: ValueSpan[] = []
  for (const [seconds, value] of samples) {
    const last = found.at(-1)
    const end = Math.min(seconds + stepSeconds, to)
    if (last !== undefined && last.value === value && last.to >= seconds) found.splice(-1, 1, { ...last, to: end })
    else found.push({ value, from: seconds, to: end })
  }
  return found
}

/** The mappings of one series, if the board sets some for its name. */
function overridden(panel: GrafanaPanel, name: string) {
  const value = panel.fieldConfig.overrides
    .find(({ matcher }) => matcher.options === name)
    ?.properties.find(({ id }) => id === 'mappings')?.value
  return value === undefined ? undefined : Mappings.parse(value)
}

const common = ({ from, to }: TimeShown): EChartsOption => ({
  animation: false,
  useUTC: true,
  xAxis: {
    type: 'time',
    min: from * 1000,
    max: to * 1000,
    splitNumber: 4,
    axisLabel: { fontSize: 11, formatter: '{HH}:{mm}', hideOverlap: true }
  }
})

function chart(option: EChartsOption, { width, height }: Box): string {
  const drawn = init(null, undefined, { renderer: 'svg', ssr: true, width, height })
  drawn.setOption(option)
  const svg = drawn.renderToSVGString()
  drawn.dispose()
  return svg
}

/** A value at every moment, 0 where there is none: bars are stacked by their position. */
function atEach(moments: readonly number[], { samples }: AnsweredSeries): [number, number][] {
  const values = new Map(samples)
  return moments.map(seconds => [seconds * 1000, values.get(seconds) ?? 0])
}

/** A null between two samples that are further apart than a step, so that no line joins them. */
function withGaps({ samples }: AnsweredSeries, stepSeconds: number): [number, number | null][] {
  return samples.flatMap(([seconds, value], index) => {
    const [before = seconds] = samples[index - 1] ?? []
    const gap = seconds - before > stepSeconds * 1.5 ? [[seconds * 1000 - 1, null] satisfies [number, null]] : []
    return [...gap, [seconds * 1000, Number.isNaN(value) ? null : value]]
  })
}

function named(legend: string, { labels }: AnsweredSeries): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => labels[name] ?? '')
}

function rowTitle(title: string): string {
  return label(4, 22, title, { size: 14, weight: 600 })
}

interface TextLook {
  readonly size: number
  readonly weight?: number
  readonly fill?: string
  readonly anchor?: 'middle'
}

function label(
  x: number,
  y: number,
  words: string,
  { size: fontSize, weight = 400, fill = text.ink, anchor }: TextLook
): string {
  const at = anchor === undefined ? '' : ` text-anchor="${anchor}"`
  return `<text x="${x}" y="${y}" font-size="${fontSize}" font-weight="${weight}" fill="${fill}"${at}>${format.encodeHTML(words)}</text>`
}
