import type { TransportOptions } from '@beseda/protocol/media'

/** Which way of media is tried. */
export type IceWay = 'udp' | 'tcp' | 'relay'

/**
 * The answer of an SFU that takes part in ICE and in nothing else (RFC 8839, RFC 8841): enough for
 * a browser to knock at `candidates`.
 */
export function answerOf(
  { iceParameters, dtlsParameters }: Omit<TransportOptions, 'id' | 'iceCandidates'>,
  candidates: TransportOptions['iceCandidates'],
): string {
  const fingerprint =
    dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ??
    dtlsParameters.fingerprints[0]
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'a=ice-lite'],
    ...['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0'],
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:${fingerprint?.algorithm} ${fingerprint?.value}`,
    ...['a=setup:passive', 'a=sctp-port:5000'],
    ...candidates.map(
      ({ foundation, protocol, priority, address, port, tcpType }) =>
        `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ host${protocol === 'tcp' ? ` tcptype ${tcpType ?? 'passive'}` : ''}`,
    ),
    'a=end-of-candidates',
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Whether ICE gets through to the SFU by this way alone, within `timeoutMs`. */
export async function tryIce(
  transport: TransportOptions,
  way: IceWay,
  iceServers: RTCIceServer[],
  timeoutMs: number,
): Promise<boolean> {
  const candidates = transport.iceCandidates.filter(
    ({ protocol }) => way === 'relay' || protocol === way,
  )
  const connection = new RTCPeerConnection(
    way === 'relay' ? { iceServers, iceTransportPolicy: 'relay' } : {},
  )
  try {
    connection.createDataChannel('preflight')
    const connected = new Promise<boolean>((resolve) => {
      connection.oniceconnectionstatechange = () => {
        const state = connection.iceConnectionState
        if (state === 'connected' || state === 'completed') resolve(true)
        if (state === 'failed') resolve(false)
      }
      setTimeout(() => resolve(false), timeoutMs)
    })
    await connection.setLocalDescription()
    await connection.setRemoteDescription({ type: 'answer', sdp: answerOf(transport, candidates) })
    return await connected
  } finally {
    connection.close()
  }
}
