import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import { afterAll, beforeAll } from 'vitest'

/** A data folder of its own, as it is after a first start. */
export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'beseda-e2e-'))
  const made = process.env.TEST_DATA_DIR
  if (made !== undefined) await cp(made, dataDir, { recursive: true })
  return dataDir
}

/**
 * Run all of Beseda on free ports for the tests of a file; `url` is known once they run.
 *
 * @param env settings, or what finds them once the tests run
 */
export function useBeseda(
  env: NodeJS.ProcessEnv | (() => Promise<NodeJS.ProcessEnv>) = {},
): () => Launched {
  let beseda: Launched | undefined
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await makeDataDir()
    beseda = await launch({
      quiet: true,
      env: {
        ...process.env,
        PORT: '0',
        SFU_PORT: '0',
        SFU_RTC_PORT: '0',
        DATA_DIR: dataDir,
        RATE_LIMITS: 'off',
        ...(typeof env === 'function' ? await env() : env),
      },
    })
  }, 120_000)
  afterAll(async () => {
    await beseda?.close()
    await rm(dataDir, { recursive: true, force: true })
  }, 30_000)
  return () => {
    if (!beseda) throw new Error('Beseda does not run yet')
    return beseda
  }
}
