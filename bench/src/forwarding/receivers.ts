import type { RTCPeerConnection as Connection } from 'werift'
import { until } from '../beseda.ts'

/** Connections that were opened in this process, to be made cheap once they are connected. */
export type Connections = {
  /**
   * From now on only count the RTP packets of all connections since the last
   * call, without decrypting them: fifty receivers would take a core otherwise.
   */
  onlyCount(onPacket: () => void): Promise<void>
}

/** Watch what mediasoup-client and others open from now on. */
export function watchConnections(): Connections {
  const fresh: Connection[] = []
  const Installed = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Installed {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      fresh.push(this as unknown as Connection)
    }
  }
  return {
    async onlyCount(onPacket) {
      for (const connection of fresh.splice(0)) {
        // One that sends nothing yet is not connected: it has no transport.
        for (const transport of connection.dtlsTransports) {
          await until(() => transport.state === 'connected')
          const { onData } = transport.iceTransport.connection
          onData.allUnsubscribe()
          onData.subscribe((data) => {
            if (isRtp(data)) onPacket()
          })
        }
      }
    },
  }
}

/** Whether a datagram is RTP: neither STUN, nor DTLS, nor RTCP (RFC 7983, RFC 5761). */
export function isRtp(data: Buffer): boolean {
  const [first = 0, second = 0] = data
  const type = second & 0x7f
  return first >= 128 && first < 192 && (type < 64 || type > 95)
}
