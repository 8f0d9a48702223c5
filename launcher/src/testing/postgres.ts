import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../ports.ts'

/** Debian keeps PostgreSQL's programs out of the path, in a folder for each version. */
const programsFolder = '/usr/lib/postgresql'

/**
 * Give `work` an empty database on the PostgreSQL that DATABASE_URL names, else
 * on one of the distribution's, started for this in the temporary folder.
 *
 * @throws Error when there is neither
 */
export async function withPostgres<Result>(
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const given = process.env.DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await startPostgres()
  const name = `beseda_${process.pid}`
  try {
    await administer(server.url, `CREATE DATABASE ${name}`)
    const own = new URL(server.url)
    own.pathname = `/${name}`
    return await work(own.href).finally(() =>
      administer(server.url, `DROP DATABASE ${name} WITH (FORCE)`),
    )
  } finally {
    await server.stop()
  }
}

/** Whether there is one that can be used. */
export function findPostgres(): boolean {
  if (process.env.DATABASE_URL) return true
  try {
    ownerIds()
    return readdirSync(programsFolder).length > 0
  } catch {
    return false
  }
}

async function administer(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function startPostgres() {
  const bin = await findPrograms()
  const owner = ownerIds()
  // The tests' own temporary folder is closed to the user that PostgreSQL runs as.
  const folder = await mkdtemp('/tmp/beseda-postgres-')
  const data = join(folder, 'data')
  const port = await freePort('127.0.0.1')
  if (owner) await chown(folder, owner.uid, owner.gid)
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder]
  const child = spawn(join(bin, 'postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' })
  const url = `postgres://bench@127.0.0.1:${port}/postgres`
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilAnswers(url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

async function findPrograms(): Promise<string> {
  const versions = await readdir(programsFolder).catch(() => [])
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  if (newest) return join(programsFolder, newest, 'bin')
  throw new Error(
    'There is no PostgreSQL here: install one (apt-get install postgresql) or give its DATABASE_URL.',
  )
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function ownerIds(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user postgres: give a DATABASE_URL.',
    )
  }
}

async function untilAnswers(url: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await administer(url, 'SELECT 1')
    } catch (error) {
      if (attempt === 150) throw error
      await new Promise((next) => setTimeout(next, 200))
    }
  }
}

/** Ask it to stop at once and wait until it has. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await exited
}
