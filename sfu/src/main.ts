import { safeError } from '@beseda/protocol/safe-error'
import { readSettings, SettingsError } from '@beseda/protocol/settings'
import { pino } from 'pino'
import { type Sfu, sfuSettingNames, startSfu } from './build.ts'
import { StartError } from './start-error.ts'

/** The SFU as a process of its own, by itself or forked by the launcher. */
async function main(): Promise<void> {
  const settings = readSettings(sfuSettingNames, process.env)
  const log = pino({
    name: 'sfu',
    level: settings.LOG_LEVEL,
    serializers: { err: safeError },
  })
  const stop = stopOnce()
  const sfu = await startSfu(settings, log)
  log.info({ node: sfu.node, port: sfu.port }, 'sfu is ready')
  stop.follow(sfu)
  process.send?.({ type: 'ready' })
}

/** Close in order: when the calls are handed over at SIGTERM, at once at SIGINT or when the launcher is gone. */
function stopOnce() {
  let running: Sfu | undefined
  let stopping = false

  async function stop(): Promise<void> {
    if (stopping) return
    stopping = true
    await running?.close()
    process.exit(0)
  }

  async function drain(): Promise<void> {
    await running?.drain()
    await stop()
  }

  process.once('SIGTERM', () => void drain())
  process.on('SIGINT', () => void stop())
  process.on('disconnect', () => void stop())
  return {
    follow(sfu: Sfu) {
      running = sfu
    },
  }
}

main().catch((error: unknown) => {
  const expected = error instanceof StartError || error instanceof SettingsError
  console.error(expected ? error.message : error)
  process.exit(1)
})
