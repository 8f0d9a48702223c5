import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, StartError } from './start-error.ts'

const secretsSchema = z.object({
  JWT_SECRET: z.string().min(32),
  CALL_TOKEN_SECRET: z.string().min(32),
})

/** What signs access tokens and call tokens. */
export type Secrets = z.infer<typeof secretsSchema>

const names = ['JWT_SECRET', 'CALL_TOKEN_SECRET'] as const

/**
 * The secrets of this host: from the environment, else from
 * `dataDir/secrets.json`, which is written at the first start for its owner only.
 *
 * @throws StartError in production when the environment lacks one, or when the
 * file can't be read or written
 */
export function provideSecrets(dataDir: string, env: NodeJS.ProcessEnv): Secrets {
  const missing = names.filter((name) => !env[name])
  if (env.NODE_ENV === 'production' && missing.length > 0) {
    throw new StartError(
      `In production ${missing.join(' and ')} must be set: give each 32 random characters or more, for example from \`openssl rand -base64 32\`.`,
    )
  }
  const kept = missing.length > 0 ? keptSecrets(dataDir) : undefined
  const pick = (name: keyof Secrets) => env[name] || kept?.[name] || ''
  return { JWT_SECRET: pick('JWT_SECRET'), CALL_TOKEN_SECRET: pick('CALL_TOKEN_SECRET') }
}

function keptSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    // A folder made before with other rights holds the database as well.
    chmodSync(dataDir, 0o700)
    return read(path) ?? make(path)
  } catch (error) {
    throw new StartError(
      `The secrets in ${path} can't be used (${messageOf(error)}): make the folder writable, or restore the file, or delete it, which signs everybody out.`,
    )
  }
}

function read(path: string): Secrets | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = secretsSchema.safeParse(parseJson(text))
  if (!parsed.success) throw new Error('it does not hold two secrets')
  return parsed.data
}

function make(path: string): Secrets {
  const secret = () => randomBytes(32).toString('base64url')
  const made: Secrets = { JWT_SECRET: secret(), CALL_TOKEN_SECRET: secret() }
  // Whole or not at all, and when two starts race, the first one's stay: a link,
  // unlike a rename, never replaces.
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(temporary, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(temporary, path)
    return made
  } catch (error) {
    const winner = read(path)
    if (winner) return winner
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
