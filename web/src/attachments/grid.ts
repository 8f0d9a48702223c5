/** How many pictures stand in each row, for one to ten of them: few large ones first. */
export function gridRows(count: number): number[] {
  const rows: number[] = []
  let left = count
  while (left > 0) {
    // Twos as long as the rest can't be threes alone; three in all are one above two.
    const row = left === 3 && count === 3 ? 1 : left % 3 === 0 ? 3 : Math.min(2, left)
    rows.push(row)
    left -= row
  }
  return rows
}

/** The size at which one picture is shown in a message, in CSS pixels. */
export function fitPicture(
  { width, height }: { width: number | null; height: number | null },
  most: { width: number; height: number },
): { width: number; height: number } {
  if (!width || !height) return { width: most.width, height: (most.width * 3) / 4 }
  const scale = Math.min(1, most.width / width, most.height / height)
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}
