import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** Columns of output that goes to a file or a pipe. */
const usualColumns = 80
/** Longer lines are hard to read, and in shorter ones evidence does not fit. */
const [leastColumns, mostColumns] = [40, 100]

/** Columns to write in: those of the terminal, within reason. A stream that is no terminal has none. */
export function columnsOf({ columns }: { readonly columns?: number | undefined }): number {
  return Math.min(mostColumns, Math.max(leastColumns, columns || usualColumns))
}

/**
 * Wraps text. A word that does not fit, such as a host, stays whole, so that it can be copied.
 *
 * @param columns the width of a line, without its prefix
 * @param first the prefix of the first line; the other lines are indented by its width. Default: none
 */
export function wrapped(text: string, columns: number, first = ''): readonly string[] {
  const indent = ' '.repeat(stringWidth(first))
  return wrapAnsi(text, columns)
    .split('\n')
    .map((line, index) => `${index === 0 ? first : indent}${line}`)
}

/** The rows of a table, one line each. A column is as wide as its widest cell on a terminal, where a character can take two columns. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const cells of rows) {
    for (const [column, cell] of cells.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))
  }
  return rows.map(cells =>
    cells
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - stringWidth(cell))}`)
      .join('  ')
      .trimEnd()
  )
}
