import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@beseda/client/client'
import { type Launched, launch } from '@beseda/launcher/launch'

/** Run Beseda on free ports with an empty data folder, without rate limits, and stop it after `work`. */
export async function withBeseda<Result>(
  env: NodeJS.ProcessEnv,
  work: (beseda: Launched) => Promise<Result>,
): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'beseda-bench-'))
  const beseda = await launch({
    quiet: true,
    withoutWeb: true,
    env: {
      ...process.env,
      PORT: '0',
      SFU_PORT: '0',
      SFU_RTC_PORT: '0',
      DATA_DIR: dataDir,
      // Building the pages' scripts has set it to production.
      NODE_ENV: 'development',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      ...env,
    },
  })
  try {
    return await work(beseda)
  } finally {
    await beseda.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

export type User = { client: Client; id: string }

/** Sign up a user whose client runs in this process. */
export async function signUp(
  url: string,
  username: string,
  options: Partial<Parameters<typeof createClient>[0]> = {},
): Promise<User> {
  const client = createClient({ url, ...options })
  await client.session.register({
    username,
    password: `${username}-password`,
    displayName: username,
  })
  await until(() => client.connection.state.get().status === 'online')
  const state = client.session.state.get()
  if (state.status !== 'authenticated') throw new Error(`${username} could not sign up`)
  return { client, id: state.user.id }
}

/** Wait until something holds. @throws Error after `ms` */
export async function until(holds: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await new Promise((next) => setTimeout(next, 5))
  }
}
