import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP port of this machine that leads to another one, until it is cut. */
export type Wire = {
  port: number
  /** Whatever goes through it breaks, and nothing gets through any more. */
  cut(): void
  /** It leads on again. */
  mend(): void
  close(): Promise<void>
}

/** Lay a wire to a port of this machine. */
export async function layWire(to: number): Promise<Wire> {
  const ends = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return near.resetAndDestroy()
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        ends.delete(one)
        other.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the wire has no port')
  const cut = () => {
    whole = false
    for (const end of ends) end.resetAndDestroy()
  }
  return {
    port: address.port,
    cut,
    mend() {
      whole = true
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
