const loopback = /^(127\.|::1$|::ffff:127\.)/
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** What is looked at of a request. */
export type Arrival = {
  socket: { remoteAddress?: string | undefined; localAddress?: string | undefined }
  headers: Record<string, unknown>
}

/**
 * Whether a request comes from this very machine: from loopback or from the address that it was
 * sent to, and not through a proxy, which says so in a header. Server and SFU ask it of what is
 * for nobody else.
 */
export function isFromHere({ socket, headers }: Arrival): boolean {
  const { remoteAddress: from, localAddress: to } = socket
  if (from === undefined || forwardingHeaders.some((name) => headers[name] !== undefined)) {
    return false
  }
  return loopback.test(from) || from === to
}
