import { availableParallelism } from 'node:os'
import { readSettings, type SettingName, settings } from '@beseda/protocol/settings'
import { freeBlock, freePort, requirePort } from './ports.ts'

/**
 * Choose the ports that are 0 and read the settings.
 *
 * @throws SettingsError naming every variable that does not fit
 */
export async function resolveEnv(given: NodeJS.ProcessEnv) {
  const env = { ...given }
  const host = env.HOST || '127.0.0.1'
  const sfuHost = env.SFU_HOST || '127.0.0.1'
  if (env.PORT === '0') env.PORT = String(await freePort(host))
  if (env.SFU_PORT === '0') env.SFU_PORT = String(await freePort(sfuHost, 'SFU_PORT'))
  if (env.SFU_RTC_PORT === '0') {
    const count = Math.min(Number(env.SFU_WORKERS) || availableParallelism(), 256)
    env.SFU_RTC_PORT = String(await freeBlock(count, sfuHost))
  }
  // Every setting, so that a malformed one is named before anything starts.
  // Secrets that are missing are made later.
  const made: readonly string[] = ['JWT_SECRET', 'CALL_TOKEN_SECRET'].filter((name) => !env[name])
  const names = (Object.keys(settings) as SettingName[]).filter((name) => !made.includes(name))
  return { env, values: readSettings(names, env) }
}

/**
 * Make sure of every port before anything starts.
 *
 * @throws StartError naming the first that can't be had
 */
export async function requirePorts(values: {
  HOST: string
  PORT: number
  SFU_HOST: string
  SFU_PORT: number
  SFU_RTC_PORT: number
  SFU_WORKERS?: number | undefined
}): Promise<void> {
  await requirePort(values.PORT, values.HOST, 'PORT')
  await requirePort(values.SFU_PORT, values.SFU_HOST, 'SFU_PORT')
  const workers = values.SFU_WORKERS ?? availableParallelism()
  for (let i = 0; i < workers; i += 1) {
    await requirePort(values.SFU_RTC_PORT + i, values.SFU_HOST, 'SFU_RTC_PORT', ['udp', 'tcp'])
  }
}

/** The host part of a URL that a browser on this machine can open. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
