export type GridLayout = {
  columns: number
  rows: number
  /** Of one tile, in whole pixels. */
  width: number
  height: number
}

const aspect = 16 / 9

/** The grid that gives `count` 16:9 tiles the most room in a box; `gap` stands between tiles. */
export function gridLayout(count: number, width: number, height: number, gap = 12): GridLayout {
  let best: GridLayout = { columns: 1, rows: 1, width: 0, height: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const room = {
      width: (width - gap * (columns - 1)) / columns,
      height: (height - gap * (rows - 1)) / rows,
    }
    const tile = Math.floor(Math.max(0, Math.min(room.width, room.height * aspect)))
    if (tile > best.width) best = { columns, rows, width: tile, height: Math.floor(tile / aspect) }
  }
  return best
}
