import { styleText } from 'node:util'

/** What is said of a row. */
export type RowMark = 'right' | 'wrong' | 'other'

export interface TableRow {
  readonly mark: RowMark
  readonly cells: readonly string[]
}

const marks = {
  right: { sign: '✔', colour: 'green' },
  wrong: { sign: '✘', colour: 'red' },
  other: { sign: '·', colour: 'dim' }
} as const

/** Lines with columns that are as wide as their longest cell. */
export function table(headings: readonly string[], rows: readonly TableRow[]): readonly string[] {
  if (rows.length === 0) return ['  none']
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0))
  )
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')
  return [
    `    ${styleText('dim', line(headings))}`,
    ...rows.map(({ mark, cells }) => `  ${signOf(mark)} ${line(cells)}`)
  ]
}

function signOf(mark: RowMark): string {
  const { sign, colour } = marks[mark]
  return styleText(colour, sign)
}
