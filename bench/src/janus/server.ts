import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptInstall } from '@beseda/launcher/apt'
import { freePort } from '@beseda/launcher/ports'
import { findProgram } from '@beseda/launcher/programs'
import { silentProgress } from '@beseda/launcher/progress'
import { connectJanus, type Janus } from './session.ts'

/** The folder of Debian's plugins and transports, without the architecture. */
const libraries = '/usr/lib'
/** The room that everybody meets in. */
export const room = 1

/** A Janus of one's own: its process, and who speaks with it. */
export type JanusServer = {
  pid: number
  url: string
  connect(): Promise<Janus>
  close(): Promise<void>
}

export type JanusOptions = {
  /** Threads that all media share; each participant has one of their own where it is left out. */
  eventLoops?: number
  /** A folder with a libsrtp2 that is taken before the system's. */
  libraryFolder?: string | undefined
}

/**
 * The path of `janus`, installed with apt-get where it is missing.
 *
 * @throws Error when it can't be had
 */
export async function provideJanus(): Promise<string> {
  const find = () => findProgram(['janus'], process.env)
  const found = find()
  if (found) return found
  const lines: string[] = []
  await aptInstall(['janus'], { ...silentProgress, note: (line) => lines.push(line) })
  const installed = find()
  if (installed) return installed
  throw new Error(`Debian's janus can not be installed: ${lines.join(' ') || 'no apt-get'}`)
}

/** Start Janus with one VideoRoom in it, on loopback and a free port; everything else as it comes. */
export async function startJanus(path: string, options: JanusOptions): Promise<JanusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'beseda-bench-janus-'))
  const port = await freePort('127.0.0.1')
  await writeSettings(folder, port, options)
  const { LD_LIBRARY_PATH: _, ...env } = process.env
  const child = spawn(path, ['-F', folder, '-C', join(folder, 'janus.jcfg')], {
    stdio: 'ignore',
    env: options.libraryFolder ? { ...env, LD_LIBRARY_PATH: options.libraryFolder } : env,
  })
  const url = `ws://127.0.0.1:${port}`
  const close = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilAnswers(child, url)
  } catch (error) {
    await close()
    throw error
  }
  return { pid: child.pid ?? 0, url, connect: () => connectJanus(url), close }
}

async function writeSettings(folder: string, port: number, { eventLoops }: JanusOptions) {
  const none = join(folder, 'none')
  await mkdir(none)
  const plugins = await libraryFolder()
  const write = (name: string, text: string) => writeFile(join(folder, `${name}.jcfg`), text)
  await write(
    'janus',
    `general: {
      configs_folder = "${folder}"
      plugins_folder = "${join(plugins, 'plugins')}"
      transports_folder = "${join(plugins, 'transports')}"
      events_folder = "${none}"
      loggers_folder = "${none}"
      debug_level = 2
      ${eventLoops === undefined ? '' : `event_loops = ${eventLoops}`}
    }
    nat: { ice_enforce_list = "127.0.0.1" }
    plugins: { disable = "${otherPlugins.map((name) => `libjanus_${name}.so`).join(',')}" }
    transports: { disable = "libjanus_http.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so" }`,
  )
  await write(
    'janus.transport.websockets',
    `general: { ws = true; ws_port = ${port}; ws_ip = "127.0.0.1"; wss = false }`,
  )
  await write(
    'janus.plugin.videoroom',
    `room-${room}: {
      description = "Benchmark"
      publishers = 6
      bitrate = 0
      fir_freq = 0
      audiocodec = "opus"
      videocodec = "vp8"
    }`,
  )
}

const otherPlugins = [
  'audiobridge',
  'duktape',
  'echotest',
  'lua',
  'nosip',
  'recordplay',
  'sip',
  'streaming',
  'textroom',
  'videocall',
  'voicemail',
]

/** Debian keeps them in the folder of the architecture. */
async function libraryFolder(): Promise<string> {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  return join(libraries, `${machine}-linux-gnu`, 'janus')
}

async function untilAnswers(child: ChildProcess, url: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await connectJanus(url)).close()
    } catch (error) {
      if (attempt === 100 || child.exitCode !== null) throw error
      await new Promise((next) => setTimeout(next, 100))
    }
  }
}

async function ended(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await exited
  clearTimeout(timer)
}
