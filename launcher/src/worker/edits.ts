import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import type { Edit } from './recipe.ts'

/**
 * Make one edit in a text.
 *
 * @throws StartError unless the text to replace is there exactly once
 */
export function applyEdit(text: string, edit: Edit): string {
  const found = text.split(edit.from).length - 1
  if (found !== 1) {
    throw new StartError(
      `The media worker can't be built: "${edit.from}" was expected once in mediasoup's ` +
        `${edit.file} and is there ${found} times, so this version of mediasoup needs a new ` +
        'recipe in launcher/src/worker/recipe.ts; set MEDIASOUP_WORKER_BIN to a worker of your own meanwhile.',
    )
  }
  return text.replace(edit.from, () => edit.to)
}

/** Make the edits in the sources below `dir`. */
export async function applyEdits(dir: string, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    const path = join(dir, edit.file)
    await writeFile(path, applyEdit(await readFile(path, 'utf8'), edit))
  }
}
