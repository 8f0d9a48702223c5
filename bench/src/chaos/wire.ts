import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

export type Wire = Awaited<ReturnType<typeof openWire>>

/** A way to the server of a URL that can be cut and mended; `url` leads over it. */
export async function openWire(target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(Number(port), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the wire has no port')
  const here = address.port
  const url = new URL(target)
  url.host = `127.0.0.1:${here}`

  return {
    url: url.href,
    /** Every connection breaks, and no new one is had. */
    async cut(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async mend(): Promise<void> {
      server.listen(here, '127.0.0.1')
      await once(server, 'listening')
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
