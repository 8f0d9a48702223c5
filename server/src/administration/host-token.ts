import { randomBytes, timingSafeEqual } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hostTokenFile } from '@beseda/protocol/administration'
import { hashSecret } from '../auth/refresh-token.ts'

/**
 * The secret by which the command line on this machine is known: whoever can read
 * `dataDir/admin-token` holds the server anyway. Made at the first start, for the owner of the
 * process only; servers that share the folder share it.
 */
export async function provideHostToken(dataDir: string): Promise<string> {
  const path = join(dataDir, hostTokenFile)
  const kept = await read(path)
  if (kept) return kept
  await mkdir(dataDir, { recursive: true })
  const token = randomBytes(32).toString('base64url')
  // Whole or not at all, and when two starts race, the first one's stays.
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(temporary, `${token}\n`, { mode: 0o600, flush: true })
  try {
    await link(temporary, path)
    return token
  } catch (error) {
    const winner = await read(path)
    if (winner) return winner
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Whether this is the token, told in a time that does not depend on how much of it is right. */
export function isHostToken(hostToken: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(hostToken)), Buffer.from(hashSecret(given)))
}

async function read(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text.trim() || undefined
}
