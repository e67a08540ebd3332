import { z } from 'zod'
import type { QueryAnswer } from './answers.ts'
import { type GrafanaPanel, Mappings, Thresholds } from './board.ts'
import { colorAt, colorOf } from './colors.ts'
import { formatted } from './units.ts'

/** A table as it is shown. */
export interface TableRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}
interface Cell {
  readonly text: string
  readonly color?: string
}

const Organize = z.object({
  excludeByName: z.record(z.string(), z.boolean()).default({}),
  indexByName: z.record(z.string(), z.number()).default({}),
  renameByName: z.record(z.string(), z.string()).default({})
})

type TableRow = Record<string, string | number>

/** Rows and columns of a table panel, after Grafana's transformations `merge` and `organize`. */
export function tableOf(panel: GrafanaPanel, answers: readonly QueryAnswer[], nowMs: number): TableRows {
  const { excludeByName, indexByName, renameByName } = Organize.parse(
    panel.transformations.find(({ id }) => id === 'organize')?.options ?? {}
  )
  const rows = merged(answers)
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))]
    .filter(name => excludeByName[name] !== true)
    .toSorted((one, other) => (indexByName[one] ?? 99) - (indexByName[other] ?? 99))
  return {
    columns: names.map(name => renameByName[name] ?? name),
    rows: rows.map(row => names.map(name => cell(panel, renameByName[name] ?? name, row[name], nowMs)))
  }
}

/** Rows that share no label with different values, and no value, are one. */
function merged(answers: readonly QueryAnswer[]): readonly TableRow[] {
  const rows: TableRow[] = []
  for (const { refId, series } of answers) {
    const valueName = answers.length === 1 ? 'Value' : `Value #${refId}`
    for (const { labels, samples } of series) {
      const [, value = Number.NaN] = samples.at(-1) ?? []
      const row: TableRow = { ...labels, [valueName]: value }
      const same = rows.find(each =>
        Object.entries(row).every(([name, own]) => !(name in each) || (each[name] === own && !name.startsWith('Value')))
      )
      if (same === undefined) rows.push(row)
      else Object.assign(same, row)
    }
  }
  return rows
}

function cell(panel: GrafanaPanel, column: string, value: string | number | undefined, nowMs: number): Cell {
  if (value === undefined) return { text: '' }
  const properties = Object.fromEntries(
    panel.fieldConfig.overrides
      .filter(({ matcher }) => matcher.options === column)
      .flatMap(override => override.properties.map(({ id, value: own }) => [id, own] as const))
  )
  const mapped = Mappings.catch([]).parse(properties.mappings)[0]?.options[`${value}`]
  if (mapped !== undefined) return { text: mapped.text, color: colorOf(mapped.color) }
  if (typeof value === 'string') return { text: value }
  const unit = z.string().catch('short').parse(properties.unit)
  const decimals = z.number().optional().catch(undefined).parse(properties.decimals)
  const text = formatted(value, unit, decimals, nowMs)
  const thresholds = Thresholds.safeParse(properties.thresholds)
  return thresholds.success ? { text, color: colorAt(value, thresholds.data.steps) } : { text }
}
