/**
 * A WebSocket class for a client whose media is to go through a relay: what
 * the SFU says of its UDP candidates names the relay's port, and those of TCP are
 * left out.
 */
export function relayedSocket(relayPort: number): typeof WebSocket {
  return class extends WebSocket {
    override set onmessage(handle: (event: MessageEvent) => void) {
      super.onmessage = ({ data }) =>
        handle(new MessageEvent('message', { data: JSON.stringify(JSON.parse(data, redirect)) }))
    }
  }

  function redirect(key: string, value: unknown): unknown {
    if (key !== 'iceCandidates' || !Array.isArray(value)) return value
    return value
      .filter(({ protocol }) => protocol === 'udp')
      .map((candidate) => ({ ...candidate, port: relayPort }))
  }
}
