import { existsSync } from 'node:fs'
import { firstOwnerLink } from './admin/first-owner.ts'
import { isForPerson } from './command.ts'
import { type Launched, type LaunchOptions, launch } from './launch.ts'
import { makeProgress } from './progress.ts'
import { StartError } from './start-error.ts'

/** npx and pnpm pass a Ctrl-C on that the terminal has sent to everybody already. */
const SAME_CTRL_C_MS = 1000

export type RunOptions = Omit<LaunchOptions, 'env' | 'progress' | 'signal'> & {
  /** Loaded when it is there; what is set already wins. */
  envFile: string
}

/**
 * Run Beseda in the terminal until it is told to stop, then end this process:
 * with code 0 when it was asked to, with 1 when it could not start or was told to
 * stop twice.
 */
export async function runUntilStopped({ envFile, ...options }: RunOptions): Promise<void> {
  const progress = makeProgress(process.stdout)
  const giveUp = new AbortController()
  let launched: Launched | undefined
  let stoppingSince: number | undefined

  const stop = async () => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince < SAME_CTRL_C_MS) return
      launched?.abort()
      process.exit(1)
    }
    stoppingSince = Date.now()
    // A start that is under way fails now and cleans up.
    giveUp.abort(new StartError('Stopped before it was ready.'))
    if (!launched) return
    progress.stage('Stopping')
    await launched.close()
    progress.done()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

  try {
    if (existsSync(envFile)) process.loadEnvFile(envFile)
    launched = await launch({ ...options, env: process.env, progress, signal: giveUp.signal })
  } catch (error) {
    progress.done()
    if (stoppingSince !== undefined) process.exit(0)
    console.error(isForPerson(error) ? error.message : error)
    process.exit(1)
  }
  if (stoppingSince === undefined) {
    progress.note(`Beseda is ready: ${launched.url}`)
    const link = await firstOwnerLink(launched)
    if (link) progress.note(`Nobody owns it yet. Become its owner (one use, 24 hours): ${link}`)
  } else await launched.close().then(() => process.exit(0))
}
