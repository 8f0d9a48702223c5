import {
  type RTCDtlsTransport,
  type RTCRtpTransceiver,
  RTP_EXTENSION_URI,
  type RtpHeader,
  serializeAudioLevelIndication,
  serializeSdesMid,
  serializeSdesRTPStreamID,
  serializeTransportWideCC,
} from 'werift'

/** The negotiated way out of one track. */
export type Wire = {
  /** Of a track with one layer; it stands in the SDP. */
  ssrc: number
  payloadType: number
  mid: string
  transport: RTCDtlsTransport
  /** Numbers under which header extensions go, by their URI. */
  extensionIds: Map<string, number>
  /** Whether a simulcast layer is to be sent: the client turns off what nobody watches. */
  isActive(rid: string): boolean
}

/** A transceiver's way out; null until it is negotiated and connected. */
export function wireOf({ sender, mid, headerExtensions }: RTCRtpTransceiver): Wire | null {
  const { codec, ssrc, dtlsTransport: transport } = sender
  if (sender.stopped || transport?.state !== 'connected' || !codec || mid === null) return null
  return {
    ssrc,
    payloadType: codec.payloadType,
    mid,
    transport,
    extensionIds: new Map(headerExtensions.map(({ uri, id }) => [uri, id])),
    isActive(rid) {
      const encodings: { rid?: string; active?: boolean }[] = sender.getParameters().encodings
      return encodings.find((encoding) => encoding.rid === rid)?.active ?? true
    },
  }
}

/** Write what goes before a payload: whose it is, its number for the bandwidth estimate, its loudness. */
export function writeExtensions(
  header: RtpHeader,
  { transport, mid, extensionIds }: Wire,
  { rid, level }: { rid: string | null; level: number | null },
) {
  const payloads: [uri: string, payload: Buffer | null][] = [
    [RTP_EXTENSION_URI.sdesMid, serializeSdesMid(mid)],
    [RTP_EXTENSION_URI.sdesRTPStreamID, rid === null ? null : serializeSdesRTPStreamID(rid)],
    [
      RTP_EXTENSION_URI.audioLevelIndication,
      level === null ? null : serializeAudioLevelIndication(level),
    ],
  ]
  if (extensionIds.has(RTP_EXTENSION_URI.transportWideCC)) {
    transport.transportSequenceNumber = (transport.transportSequenceNumber + 1) & 0xffff
    const number = serializeTransportWideCC(transport.transportSequenceNumber)
    payloads.push([RTP_EXTENSION_URI.transportWideCC, number])
  }
  header.extension = true
  header.extensions = payloads
    .flatMap(([uri, payload]) => {
      const id = extensionIds.get(uri)
      return id === undefined || payload === null ? [] : [{ id, payload }]
    })
    .sort((a, b) => a.id - b.id)
}
