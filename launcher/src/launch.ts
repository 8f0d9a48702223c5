import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { lockDataDir } from './data-lock.ts'
import { reachable, requirePorts, resolveEnv } from './launch-env.ts'
import { humanLine, openLog, shownLevel } from './log.ts'
import { freeBlock, freePort } from './ports.ts'
import { type Progress, silentProgress } from './progress.ts'
import { provideRedis } from './redis.ts'
import { rootDir } from './root.ts'
import { provideSecrets } from './secrets.ts'
import { type ChildSpec, defaultPatience, type SupervisedChild, supervise } from './supervise.ts'
import { provideWeb } from './web.ts'
import { provideWorker } from './worker/provide.ts'

export type LaunchOptions = {
  /**
   * All of the environment. `PORT`, `SFU_PORT` and `SFU_RTC_PORT` of `0` mean free
   * ones, chosen before anything starts.
   */
  env?: NodeJS.ProcessEnv
  /** Nothing is printed. */
  quiet?: boolean
  progress?: Progress
  /** Gives up what is under way. */
  signal?: AbortSignal
  /** Without the page: for tests that need none. */
  withoutWeb?: boolean
  /** The files that Node runs, replaced in tests. */
  scripts?: Record<ProcessName, string>
}

export type ProcessName = 'server' | 'sfu'

export type Launched = {
  /** Where browsers on this machine find the server: `http://127.0.0.1:3000`. */
  url: string
  /** The SFU's signalling: `ws://127.0.0.1:3001`. */
  sfuUrl: string
  redisUrl: string
  dataDir: string
  /** To kill, restart and wait for. */
  processes: Record<ProcessName, SupervisedChild>
  /** Start one more SFU, on free ports; it stops with the rest. */
  addSfu(): Promise<SupervisedChild>
  /** Stop server, SFU and Valkey in this order and give the data folder back. Idempotent. */
  close(): Promise<void>
  /** Kill everything at once. */
  abort(): void
}

const scriptsHere: Record<ProcessName, string> = {
  server: join(rootDir, 'server', 'src', 'main.ts'),
  sfu: join(rootDir, 'sfu', 'src', 'main.ts'),
}

/**
 * Run Beseda: Valkey in this process, server and SFU in their own, ready when
 * this returns.
 *
 * @throws SettingsError or StartError with sentences for the person who started it
 */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const { env, values } = await resolveEnv(options.env ?? process.env)
  const progress = options.progress ?? silentProgress
  const scripts = options.scripts ?? scriptsHere
  const signal = options.signal ? { signal: options.signal } : {}
  const dataDir = resolve(rootDir, values.DATA_DIR)
  const closers: (() => void | Promise<void>)[] = []
  const closeAll = once(async () => {
    for (const close of closers.reverse()) await close()
  })
  const children: SupervisedChild[] = []
  let starting: Promise<SupervisedChild>[] = []
  const givingUp = new AbortController()
  options.signal?.addEventListener('abort', () => givingUp.abort(), { once: true })

  try {
    closers.push(lockDataDir(dataDir))
    const secrets = provideSecrets(dataDir, env)
    await requirePorts(values)
    const worker = await provideWorker({ env, progress, ...signal })
    if (worker.warning) progress.note(worker.warning)
    const web = options.withoutWeb ? undefined : await provideWeb({ progress, ...signal })
    options.signal?.throwIfAborted()
    const redis = await provideRedis(values)
    closers.push(() => redis.close())

    const childEnv: NodeJS.ProcessEnv = {
      ...env,
      ...secrets,
      DATA_DIR: dataDir,
      REDIS_URL: redis.url,
      MEDIASOUP_WORKER_BIN: worker.path,
      ...(web === undefined ? {} : { WEB_DIST: web }),
    }
    const begin = async (kind: ProcessName, name: string = kind, more: NodeJS.ProcessEnv = {}) => {
      const log = openLog(dataDir, name)
      closers.push(() => log.close())
      const level = shownLevel(env.LOG_LEVEL)
      let up = false
      const stop = defaultPatience.stop + (kind === 'sfu' ? values.SFU_DRAIN_SECONDS * 1000 : 0)
      const spec: ChildSpec = {
        name,
        script: scripts[kind],
        env: { ...childEnv, ...more },
        logFile: log.path,
        signal: givingUp.signal,
        onLine: (line, stream) => {
          log.write(line)
          // What a child says on stderr before it is ready is in the error thrown.
          if (options.quiet || (stream === 'stderr' && !up)) return
          const text = humanLine(name, line, level)
          if (text !== undefined) progress.note(text)
        },
        onEvent: (sentence) => {
          log.write(sentence)
          progress.note(sentence)
        },
      }
      const child = await supervise(spec, { ...defaultPatience, stop })
      up = true
      children.push(child)
      return child
    }
    progress.stage('Starting')
    // At the same time, to be ready sooner: each needs Redis only.
    starting = [begin('server'), begin('sfu')]
    closers.push(async () => {
      // The server stops taking requests first, then the calls end.
      const servers = children.filter(({ name }) => name === 'server')
      for (const child of servers) await child.stop()
      await Promise.all(children.map((child) => child.stop()))
    })
    const [server, sfu] = await Promise.all(starting)
    if (!server || !sfu) throw new Error('a process is missing')
    options.signal?.throwIfAborted()
    return {
      url: `http://${reachable(values.HOST)}:${values.PORT}`,
      sfuUrl: `ws://${reachable(values.SFU_HOST)}:${values.SFU_PORT}`,
      redisUrl: redis.url,
      dataDir,
      processes: { server, sfu },
      async addSfu() {
        const host = values.SFU_HOST
        const workers = values.SFU_WORKERS ?? availableParallelism()
        return begin('sfu', `sfu-${children.length}`, {
          SFU_PORT: String(await freePort(host)),
          SFU_RTC_PORT: String(await freeBlock(workers, host)),
        })
      },
      close: closeAll,
      abort: () => {
        for (const child of children) child.abort()
      },
    }
  } catch (error) {
    givingUp.abort()
    await Promise.allSettled(starting)
    await closeAll()
    throw error
  } finally {
    progress.done()
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
