import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A log that has grown past this is put aside at the next start. */
const ROTATE_BYTES = 10 * 2 ** 20

const WARN = 40

const levelNames = new Map([
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warning'],
  [30, 'info'],
  [20, 'debug'],
  [10, 'trace'],
])

const entrySchema = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(''),
  err: z.looseObject({ message: z.string() }).optional(),
})

export type LogFile = { path: string; write(line: string): void; close(): Promise<void> }

/**
 * Open `dataDir/log/<name>.log` for appending. One that is over 10 MB becomes
 * `<name>.log.1` first. A log that can't be written stops nothing.
 */
export function openLog(dataDir: string, name: string): LogFile {
  const folder = join(dataDir, 'log')
  const path = join(folder, `${name}.log`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (statSync(path).size > ROTATE_BYTES) renameSync(path, `${path}.1`)
  } catch {
    // No log yet.
  }
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  stream.on('error', () => {})
  return {
    path,
    write: (line) => {
      stream.write(`${line}\n`)
    },
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}

/**
 * One line of a child as a person reads it, or nothing when it is of no concern:
 * pino's JSON from `minLevel` on (40 is a warning), anything else as it is.
 */
export function humanLine(name: string, line: string, minLevel: number = WARN): string | undefined {
  const entry = parseEntry(line)
  if (!entry) return line.trim() === '' || isNodeWarning(line) ? undefined : `${name}: ${line}`
  if (entry.level < minLevel) return undefined
  const time = new Date(entry.time).toTimeString().slice(0, 8)
  const level = levelNames.get(entry.level) ?? String(entry.level)
  const cause = entry.err && !entry.msg.includes(entry.err.message) ? entry.err.message : ''
  const text = [entry.msg, cause].filter(Boolean).join(': ').split('\n')[0]
  return `${time} ${name} ${level}: ${text}`
}

/** From which level lines are shown: warnings, or what LOG_LEVEL asks for. */
export function shownLevel(logLevel: string | undefined): number {
  if (logLevel === 'silent') return Number.POSITIVE_INFINITY
  const named = [...levelNames].find(([, name]) => name === logLevel)
  return named ? named[0] : WARN
}

/** Deprecations and the like are for whoever develops, who finds them in the log. */
function isNodeWarning(line: string): boolean {
  return /^\(node:\d+\) |^\(Use `node --trace-/.test(line)
}

function parseEntry(line: string): z.infer<typeof entrySchema> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return entrySchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
