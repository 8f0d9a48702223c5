import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostTokenFile } from '@beseda/protocol/administration'
import { errorBodySchema } from '@beseda/protocol/errors'
import { z } from 'zod'
import { messageOf, StartError } from '../start-error.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** What a running server does for whoever is at its machine. */
export type AdminApi = ReturnType<typeof makeAdminApi>

/**
 * Speak to the server that runs on this machine: an embedded database has room for one process,
 * so that whoever administers goes through it. The server's own secret in `dataDir` opens the door.
 *
 * @param url such as `http://127.0.0.1:3000`
 * @throws StartError with a sentence, from every call too
 */
export function makeAdminApi({ url, dataDir }: { url: string; dataDir: string }) {
  const token = readToken(dataDir)

  return async function call<Answer extends z.ZodType>(
    method: Method,
    path: string,
    answer: Answer,
    body?: unknown,
  ): Promise<z.output<Answer>> {
    const response = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new StartError(`Beseda does not answer at ${url}: start it, or set HOST and PORT.`)
    })
    const text = await response.text()
    const parsed = z.safeParse(response.ok ? answer : errorBodySchema, parseJson(text))
    if (!parsed.success) throw new StartError(`What answers at ${url} is no Beseda that fits.`)
    if (response.ok) return parsed.data as z.output<Answer>
    throw new StartError(errorBodySchema.parse(parsed.data).message)
  }
}

function readToken(dataDir: string): string {
  const path = join(dataDir, hostTokenFile)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new StartError(
      `${path} can't be read (${messageOf(error)}): run this where the server runs, with its DATA_DIR and as its user.`,
    )
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
