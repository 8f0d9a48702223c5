import { createHash, randomBytes } from 'node:crypto'
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { withLock } from './lock.ts'
import { type Progress, silentProgress } from './progress.ts'
import { rootDir } from './root.ts'
import { run } from './run.ts'
import { StartError } from './start-error.ts'

/** What the page is built from, below the root of the repository. */
const inputs = [
  'web',
  'client/src',
  'client/package.json',
  'protocol/src',
  'protocol/package.json',
  'package.json',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
]

/** Names that are no input wherever they stand. */
const ignored = new Set(['node_modules', 'dist', 'e2e', 'test-results'])

/** Holds the hash of what the page was built from. */
const STAMP = '.built-from'

export type WebOptions = {
  root?: string
  progress?: Progress
  signal?: AbortSignal
  /** Builds `web/` into a folder; replaced in tests. */
  build?: (webDir: string, outDir: string, signal?: AbortSignal) => Promise<void>
}

/**
 * Build the page unless it has been built from the very sources that are there.
 * The new page takes the old one's place only when it is whole.
 *
 * @returns the folder of the page, absolute; nothing when there is no web/
 * @throws StartError when it can't be built
 */
export async function provideWeb(options: WebOptions = {}): Promise<string | undefined> {
  const root = options.root ?? rootDir
  const progress = options.progress ?? silentProgress
  const webDir = join(root, 'web')
  const dist = join(webDir, 'dist')
  if (!existsSync(join(webDir, 'index.html'))) return undefined
  if (isFresh(root, dist)) return dist

  // Beside the page, so that it can be moved there, and where Git does not look.
  const workshop = join(webDir, 'node_modules', '.beseda')
  mkdirSync(workshop, { recursive: true })
  const onWait = () => progress.stage('Another start is building the page, waiting for it')
  return withLock(join(workshop, 'lock'), onWait, async () => {
    if (isFresh(root, dist)) return dist
    for (const left of readdirSync(workshop)) {
      if (left !== 'lock') rmSync(join(workshop, left), { recursive: true, force: true })
    }
    progress.stage('Building the page')
    // Taken before the build: a change during it is seen at the next start.
    const hash = hashInputs(root)
    const made = join(workshop, `page-${randomBytes(4).toString('hex')}`)
    await (options.build ?? viteBuild)(webDir, made, options.signal)
    writeFileSync(join(made, STAMP), hash)
    if (existsSync(dist)) renameSync(dist, `${made}-old`)
    renameSync(made, dist)
    rmSync(`${made}-old`, { recursive: true, force: true })
    return dist
  }).finally(() => progress.done())
}

function isFresh(root: string, dist: string): boolean {
  try {
    return readFileSync(join(dist, STAMP), 'utf8') === hashInputs(root)
  } catch {
    return false
  }
}

/** A hash over names and contents of everything that the page is built from. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const path = join(root, input)
    for (const file of filesBelow(path)) {
      hash.update(`${relative(root, file)}\0`)
      hash.update(createHash('sha256').update(readFileSync(file)).digest())
    }
  }
  return hash.digest('hex')
}

function filesBelow(path: string): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(path, { withFileTypes: true })
  } catch {
    return existsSync(path) ? [path] : []
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (ignored.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) return []
      if (entry.isDirectory()) return filesBelow(join(path, entry.name))
      return entry.isFile() ? [join(path, entry.name)] : []
    })
}

async function viteBuild(webDir: string, outDir: string, signal?: AbortSignal): Promise<void> {
  const vite = join(webDir, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn']
  const output: string[] = []
  const { code } = await run(process.execPath, args, {
    cwd: webDir,
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' },
    signal,
    onLine: (line) => output.push(stripVTControlCharacters(line)),
  })
  if (code === 0) return
  const said = output.filter((line) => line.trim() !== '' && !/^\s+at /.test(line)).slice(0, 20)
  throw new StartError(
    `The page could not be built: correct this in web/ and start again.\n${said.join('\n')}`,
  )
}
