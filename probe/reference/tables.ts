/** Tables by the name that marks their place in a page. */
export type Tables = Readonly<Record<string, () => string>>

/**
 * A page with its current tables. A table is between `<!-- table: cases -->` and `<!-- end -->`.
 *
 * @throws Error if the page marks a place for an unknown table
 */
export function withTables(page: string, tables: Tables): string {
  return page.replaceAll(/(<!-- table: (.+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start, name, end) => {
    const table = tables[name]
    if (table === undefined) throw new Error(`no table is called ${name}; there are ${Object.keys(tables).join(', ')}`)
    return `${start}\n${table()}\n\n${end}`
  })
}

/** A table in Markdown. Bars in cells are escaped; everything else in them is Markdown already. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(columns), `|${columns.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
