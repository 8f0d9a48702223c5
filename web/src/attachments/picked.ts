import type { Picked } from './trays.ts'

/** Whether something that is dragged over the page brings files. */
export const bringsFiles = (data: DataTransfer | null) => data?.types.includes('Files') ?? false

/** The files that were dropped; what is a folder says so. */
export function droppedFiles(data: DataTransfer): Picked[] {
  return [...data.items].flatMap((item) => {
    const file = item.kind === 'file' ? item.getAsFile() : null
    return file ? [{ file, folder: item.webkitGetAsEntry()?.isDirectory ?? false }] : []
  })
}

export const plainFiles = (files: Iterable<File>): Picked[] =>
  [...files].map((file) => ({ file, folder: false }))

/**
 * Whether what is pasted is meant as files. Word processors put a picture of the
 * text beside the text itself; there the text is meant.
 */
export function meansFiles(data: { types: readonly string[]; files: { length: number } }): boolean {
  if (data.files.length === 0) return false
  return !(data.types.includes('text/plain') && data.types.includes('text/html'))
}
