import { messageOf } from '../start-error.ts'

/** How the server answers at its public address. */
export type Page = {
  url: string
  /** Why it does not; undefined when it does. */
  trouble?: string | undefined
  /** How far its clock is ahead of the one here, in ms; negative when it is behind. */
  aheadMs?: number | undefined
}

/** A WebSocket on which nothing comes. */
export type QuietSocket = {
  url: string
  /** Why it did not open; undefined when it did. */
  trouble?: string | undefined
  /** After how many ms something ended it; undefined when it lasted. */
  cutAfterMs?: number | undefined
}

/** Milliseconds that the server may take to answer, or to open a WebSocket. */
export const openMs = 10_000

export async function askPage(url: string): Promise<Page> {
  const began = Date.now()
  try {
    const response = await fetch(new URL('/healthz', url), {
      signal: AbortSignal.timeout(openMs),
    })
    const ended = Date.now()
    const body: unknown = await response.json().catch(() => undefined)
    const isBeseda = typeof body === 'object' && body !== null && 'status' in body
    if (!response.ok || !isBeseda) {
      return { url, trouble: `something else answers there, with ${response.status}` }
    }
    // `Date` has whole seconds, cut off.
    const date = Date.parse(response.headers.get('date') ?? '')
    const aheadMs = Number.isNaN(date) ? undefined : date + 500 - (began + ended) / 2
    return { url, aheadMs }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = cause instanceof Error && 'code' in cause ? `${cause.code}` : ''
    return { url, trouble: messageOf(cause) || code || 'it does not answer' }
  }
}

/**
 * Open a WebSocket, say `hello` and then nothing, and see whether it lasts.
 *
 * @param onAnswer called with each frame that comes
 * @param until when it may be closed, if it has lasted as long by then
 */
export function holdSocket(
  url: string,
  hello: string | undefined,
  holdMs: number,
  onAnswer: (frame: string) => void = () => {},
  until: Promise<void> = Promise.resolve(),
): Promise<QuietSocket> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url)
    let openedAt: number | undefined
    const done = (found: Omit<QuietSocket, 'url'>) => {
      clearTimeout(late)
      clearTimeout(held)
      resolve({ url, ...found })
      socket.close()
    }
    const late = setTimeout(() => done({ trouble: 'it does not answer' }), openMs)
    let held: NodeJS.Timeout | undefined
    socket.onopen = () => {
      clearTimeout(late)
      openedAt = Date.now()
      held = setTimeout(() => void until.then(() => done({})), holdMs)
      if (hello !== undefined) socket.send(hello)
    }
    socket.onmessage = ({ data }) => onAnswer(String(data))
    socket.onclose = ({ code }) => {
      if (openedAt === undefined) done({ trouble: `it is refused (${code})` })
      else done({ cutAfterMs: Date.now() - openedAt })
    }
  })
}
