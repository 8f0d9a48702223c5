import { mkdir, open, opendir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../errors.ts'

/** Keeps the bytes of files under one folder, each under its id. */
export type FileFolder = ReturnType<typeof makeFileFolder>

/** What is kept of one file. */
export type Variant = 'original' | 'thumbnail'

const endings = { original: '', thumbnail: '.thumb' } as const
/** Of what is still being written: the upload as it comes, and what is made of it. */
const partEndings = { upload: '.part', original: '.made.part', thumbnail: '.thumb.part' } as const

/** @param dataDir the folder of all data; files go to `files` in it */
export function makeFileFolder(dataDir: string) {
  const folder = join(dataDir, 'files')
  const at = (id: string, ending: string) => join(folder, `${id}${ending}`)

  return {
    /** Where to write the parts of a new file; the folder is there then. */
    async begin(id: string): Promise<Record<keyof typeof partEndings, string>> {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return {
        upload: at(id, partEndings.upload),
        original: at(id, partEndings.original),
        thumbnail: at(id, partEndings.thumbnail),
      }
    },
    /** Keep a part that is written to its end: a reader sees all of it or nothing. */
    keep: (id: string, part: keyof typeof partEndings, variant: Variant) =>
      rename(at(id, partEndings[part]), at(id, endings[variant])),
    /**
     * Open what is kept; the caller closes the handle, or the stream that it makes of it.
     *
     * @returns the handle and the size in bytes
     * @throws Refusal NOT_FOUND when the bytes are gone
     */
    async open(id: string, variant: Variant) {
      const handle = await open(at(id, endings[variant])).catch(() => {
        throw refuse('NOT_FOUND', 'There is no such file.')
      })
      const { size } = await handle.stat()
      return { handle, size }
    },
    /** Remove the parts of a file that are left. */
    async clear(id: string) {
      for (const ending of Object.values(partEndings)) await rm(at(id, ending), { force: true })
    },
    /** Remove everything that is there of the files. */
    async remove(ids: string[]) {
      for (const id of ids) {
        for (const ending of [...Object.values(endings), ...Object.values(partEndings)]) {
          await rm(at(id, ending), { force: true })
        }
      }
    },
    /** The id of everything that lies in the folder; one may come several times. */
    async *ids(): AsyncGenerator<string> {
      const entries = await opendir(folder).catch(() => [])
      for await (const { name } of entries) yield name.split('.', 1)[0] ?? name
    },
  }
}
