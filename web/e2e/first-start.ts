import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedFolder, openEmbedded } from '../../server/src/db/database.ts'

/**
 * Vitest's global setup of the journeys: a data folder whose database is made
 * already, which a first start takes seconds for. Journeys begin with a copy of it,
 * found by `TEST_DATA_DIR`.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATA_DIR !== undefined) return
  const dataDir = await mkdtemp(join(tmpdir(), 'beseda-e2e-first-'))
  const { close } = await openEmbedded(embeddedFolder(dataDir))
  await close()
  process.env.TEST_DATA_DIR = dataDir
  return () => rm(dataDir, { recursive: true, force: true })
}
