import { type BesedaEvent, eventSchema } from '@beseda/protocol/events'
import { v4 } from 'uuid'
import { vi } from 'vitest'
import { WebSocket } from 'ws'

type Kind = BesedaEvent['type']

/** Writes in no chat, and is nobody: an event that only tells how far a socket has got. */
const markerId = '00000000-0000-0000-0000-000000000000'

/** An event socket of a test; it keeps whatever came. */
export type TestSocket = ReturnType<typeof makeTestSocket>

/** Open an event socket and wait for `ready`. */
export async function openEventSocket(
  url: string,
  hello: { token: string; seqs?: Record<string, number> },
): Promise<TestSocket> {
  const socket = await openBareSocket(url)
  socket.sendFrame({ type: 'hello', ...hello })
  await socket.next('ready')
  return socket
}

/** Open an event socket that has not said hello. */
export async function openBareSocket(
  url: string,
  headers: Record<string, string> = {},
): Promise<TestSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers })
  const made = makeTestSocket(socket)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once('open', resolve)
  socket.once('error', reject)
  await promise
  return made
}

function makeTestSocket(socket: WebSocket) {
  const events: BesedaEvent[] = []
  const markers = new Set<string>()
  let beats = 0
  const watchers = new Set<() => void>()
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  socket.on('message', (data) => {
    const event = eventSchema.parse(JSON.parse(data.toString()))
    // It comes whenever it is time and would stand between those that a test has asked for.
    if (event.type === 'beat') beats += 1
    else if (event.type === 'typing' && event.userId === markerId) markers.add(event.chatId)
    else events.push(event)
    for (const watch of watchers) watch()
  })

  return {
    /** Everything that came so far, in order; without the beats. */
    events,
    beats: () => beats,
    raw: socket,
    /** Resolves to the close code. */
    closed,
    sendFrame: (frame: unknown) => socket.send(JSON.stringify(frame)),
    /** The first event of a kind that fits, whether it has come already or not. */
    next<Type extends Kind>(
      type: Type,
      fits: (event: Extract<BesedaEvent, { type: Type }>) => boolean = () => true,
    ): Promise<Extract<BesedaEvent, { type: Type }>> {
      const { promise, resolve, reject } =
        Promise.withResolvers<Extract<BesedaEvent, { type: Type }>>()
      const timer = setTimeout(() => reject(new Error(`no ${type} came`)), 15_000)
      function look() {
        const found = events.find(
          (event): event is Extract<BesedaEvent, { type: Type }> =>
            event.type === type && fits(event as Extract<BesedaEvent, { type: Type }>),
        )
        if (!found) return
        clearTimeout(timer)
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      look()
      return promise
    },
    /**
     * Wait until everything that was published before has come, and forget what came since `ready`:
     * an answer of the API does not wait for its events, so they may come to a socket opened later.
     */
    async settle(publish: (event: BesedaEvent) => void) {
      const marker = v4()
      publish({ type: 'typing', chatId: marker, userId: markerId })
      await vi.waitUntil(() => markers.has(marker), { timeout: 15_000, interval: 5 })
      const ready = events.findIndex(({ type }) => type === 'ready')
      events.splice(ready + 1)
    },
    async close() {
      socket.close()
      await closed
    },
  }
}
