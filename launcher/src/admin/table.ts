/** Rows of cells, the heading first where there is one. */
export type Table = string[][]

/** Signs that would move the cursor of a terminal: names are other people's choice. */
const controls = /\p{Cc}/gu

/** The rows as text, in columns as wide as their widest cell. */
export function makeTable(rows: Table): string {
  const clean = rows.map((row) => row.map((cell) => cell.replace(controls, ' ')))
  const widths = clean.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cell.length)),
    [],
  )
  return clean
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
