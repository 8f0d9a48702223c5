import { connect, createServer, type Socket } from 'node:net'

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A `WebSocket` whose connection can be cut, with a goodbye or without one. */
export type Line = {
  WebSocket: typeof WebSocket
  hangUp(): void
  cut(): void
  /** While it is down, nothing gets through. */
  setUp(up: boolean): void
  close(): void
}

/** Lay a line to `port` of this machine. */
export async function layLine(port: number): Promise<Line> {
  const wires = new Set<Socket>()
  let isUp = true
  const proxy = createServer((near) => {
    if (!isUp) return void near.resetAndDestroy()
    const far = connect(port, '127.0.0.1')
    for (const wire of [near, far]) {
      wires.add(wire)
      wire.on('error', () => {})
      wire.on('close', () => {
        wires.delete(wire)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const here = typeof address === 'object' && address ? address.port : 0
  let current: WebSocket | undefined
  class LinedWebSocket extends WebSocket {
    constructor(url: string | URL) {
      const through = new URL(url)
      through.port = String(here)
      super(through)
      current = this
    }
  }
  const cut = () => {
    for (const wire of wires) wire.resetAndDestroy()
  }
  return {
    WebSocket: LinedWebSocket,
    hangUp: () => current?.close(),
    cut,
    setUp(up) {
      isUp = up
      if (!up) cut()
    },
    close() {
      cut()
      proxy.close()
    },
  }
}

/** What becomes of requests about chats, as shares from 0 to 1; may be changed at any time. */
export type Losses = {
  /** The server never hears of it. */
  lost: number
  /** The server has done it, and the answer is lost. */
  unanswered: number
}

/** A `fetch` that loses some requests and some answers. */
export function makeLossyFetch(losses: Losses, random: () => number): typeof fetch {
  return async (input, init) => {
    const { lost, unanswered } = losses
    const url = input instanceof Request ? input.url : String(input)
    const luck = url.includes('/api/chats/') ? random() : 1
    if (luck < lost) throw new TypeError('the request was lost')
    const response = await fetch(input, init)
    if (luck >= lost + unanswered) return response
    await response.arrayBuffer()
    throw new TypeError('the answer was lost')
  }
}
