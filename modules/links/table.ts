import { styleText } from 'node:util'
import { aligned } from '../../probe/words/columns.ts'

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

/** Lines with columns, and a mark before each row. */
export function table(headings: readonly string[], rows: readonly TableRow[]): readonly string[] {
  if (rows.length === 0) return ['  none']
  const [heading = '', ...lines] = aligned([headings, ...rows.map(({ cells }) => cells)])
  return [`    ${styleText('dim', heading)}`, ...rows.map(({ mark }, index) => `  ${signOf(mark)} ${lines[index]}`)]
}

function signOf(mark: RowMark): string {
  const { sign, colour } = marks[mark]
  return styleText(colour, sign)
}
