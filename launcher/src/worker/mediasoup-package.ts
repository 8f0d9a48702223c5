import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** Where the mediasoup package is and which version. */
export type MediasoupPackage = { dir: string; version: string }

const manifestSchema = z.object({ version: z.string() })

/** Find the installed mediasoup package. */
export function findMediasoup(): MediasoupPackage {
  // The package's exports hide its package.json; its main file is
  // node/lib/index.js, so the root is two folders above that file's folder.
  const main = createRequire(import.meta.url).resolve('mediasoup')
  const dir = dirname(dirname(dirname(main)))
  const manifest = readFileSync(join(dir, 'package.json'), 'utf8')
  return { dir, version: manifestSchema.parse(JSON.parse(manifest)).version }
}

/** Where the package itself looks for its worker. */
export function packageWorker(mediasoup: MediasoupPackage): string {
  return join(mediasoup.dir, 'worker', 'out', 'Release', 'mediasoup-worker')
}
