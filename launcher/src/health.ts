import { once } from 'node:events'
import { connect } from 'node:net'
import { messageOf } from './start-error.ts'

/** Milliseconds that a service may take to answer. */
const patience = 4_000

/**
 * Does a service answer? `http:` must answer with a 2xx, `tcp:` must let one connect.
 *
 * @throws Error with the reason why not
 */
export async function requireHealth(url: string): Promise<void> {
  const { protocol, hostname, port } = new URL(url)
  const signal = AbortSignal.timeout(patience)
  if (protocol !== 'tcp:') {
    const { status, ok } = await fetch(url, { signal })
    if (!ok) throw new Error(`it answers ${status}`)
    return
  }
  const socket = connect(Number(port), hostname)
  try {
    await once(socket, 'connect', { signal })
  } finally {
    socket.destroy()
  }
}

/** `node launcher/src/health.ts url`: exit code 0 or 1, for the health checks of containers. */
if (import.meta.main) {
  const url = process.argv[2] ?? ''
  await requireHealth(url).catch((error: unknown) => {
    console.error(`${url}: ${messageOf(error)}`)
    process.exitCode = 1
  })
}
