import type { CallState } from '@beseda/client/calls/state'
import type { Source } from '@beseda/protocol/media'

/** One track as the browser counts it. */
export type TrackStats = {
  id: string
  /** Whose it is; null for one's own. */
  userId: string | null
  source: Source
  kind: 'audio' | 'video'
  codec: string | null
  width: number | null
  height: number | null
  framesPerSecond: number | null
  bitsPerSecond: number | null
  /** Share of packets that were lost since the last look, 0 to 1. */
  loss: number | null
  /** Packets that loss is the share of. */
  packets: number
  jitterMs: number | null
}

/** How the media travel: kinds of candidates on both ends, and round trip. */
export type PathStats = {
  /** `host`, `srflx`, `prflx` or `relay` (RFC 8445). */
  local: string | null
  remote: string | null
  protocol: string | null
  roundTripMs: number | null
}

export type CallStatsView = { path: PathStats | null; tracks: TrackStats[] }

type Report = Record<string, unknown>

/** Whose track of which source a browser's track id is. */
export type Owner = { userId: string | null; source: Source }

/** Whose a track of the call is, by the browser's id of it. */
export function ownerIn({ peers, self }: CallState, trackId: string): Owner | undefined {
  const own = Object.entries(self.tracks).find(([, local]) => local.track?.id === trackId)
  if (own) return { userId: null, source: own[0] as Source }
  for (const { userId, tracks } of peers) {
    const found = Object.values(tracks).find(({ track }) => track.id === trackId)
    if (found) return { userId, source: found.source }
  }
  return undefined
}

/** What was counted at an earlier look, by the id of the report. */
export type Counters = Map<string, { at: number; bytes: number; packets: number; lost: number }>

const number = (value: unknown) => (typeof value === 'number' ? value : null)
const text = (value: unknown) => (typeof value === 'string' ? value : null)

/**
 * Read the browser's statistics of a call (W3C WebRTC Stats). Rates are over the time since the
 * look that left `before`, which is brought up to date.
 */
export function readStats(
  reports: Report[],
  ownerOf: (trackId: string) => Owner | undefined,
  before: Counters,
): CallStatsView {
  const byId = new Map(reports.map((report) => [text(report.id) ?? '', report]))
  const tracks = reports.flatMap((report) => {
    const track = readTrack(report, byId, ownerOf, before)
    return track ? [track] : []
  })
  return { path: readPath(reports, byId), tracks }
}

function readTrack(
  report: Report,
  byId: Map<string, Report>,
  ownerOf: (trackId: string) => Owner | undefined,
  before: Counters,
): TrackStats | null {
  const inbound = report.type === 'inbound-rtp'
  if (!inbound && report.type !== 'outbound-rtp') return null
  const source = byId.get(text(report.mediaSourceId) ?? '')
  const owner = ownerOf(text(inbound ? report.trackIdentifier : source?.trackIdentifier) ?? '')
  if (!owner) return null

  const id = text(report.id) ?? ''
  const remote = byId.get(text(report.remoteId) ?? '')
  const now = {
    at: number(report.timestamp) ?? 0,
    bytes: number(inbound ? report.bytesReceived : report.bytesSent) ?? 0,
    packets: number(inbound ? report.packetsReceived : report.packetsSent) ?? 0,
    lost: number(inbound ? report.packetsLost : remote?.packetsLost) ?? 0,
  }
  const then = before.get(id)
  before.set(id, now)
  const packets = then ? countPackets(then, now, inbound) : 0
  const jitter = number(inbound ? report.jitter : remote?.jitter)
  return {
    id,
    ...owner,
    kind: report.kind === 'audio' ? 'audio' : 'video',
    codec: text(byId.get(text(report.codecId) ?? '')?.mimeType)?.split('/')[1] ?? null,
    width: number(report.frameWidth),
    height: number(report.frameHeight),
    framesPerSecond: number(report.framesPerSecond),
    bitsPerSecond: then ? rate(now.bytes - then.bytes, now.at - then.at) : null,
    loss: then ? share(now.lost - then.lost, packets) : null,
    packets,
    jitterMs: jitter === null ? null : jitter * 1000,
  }
}

/** Bits per second of so many bytes in so many ms. */
const rate = (bytes: number, ms: number) => (ms > 0 ? Math.max(0, (bytes * 8000) / ms) : null)

type Counted = { packets: number; lost: number }

/** How many were sent between two looks: received packets don't count the lost ones, sent packets do. */
function countPackets(then: Counted, now: Counted, inbound: boolean): number {
  const packets = now.packets - then.packets
  return Math.max(0, inbound ? packets + now.lost - then.lost : packets)
}

const share = (lost: number, packets: number) =>
  packets > 0 ? Math.min(1, Math.max(0, lost) / packets) : 0

function readPath(reports: Report[], byId: Map<string, Report>): PathStats | null {
  const pair = reports.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  )
  if (!pair) return null
  const local = byId.get(text(pair.localCandidateId) ?? '')
  const remote = byId.get(text(pair.remoteCandidateId) ?? '')
  const roundTrip = number(pair.currentRoundTripTime)
  return {
    local: text(local?.candidateType),
    remote: text(remote?.candidateType),
    protocol: text(local?.relayProtocol) ?? text(local?.protocol),
    roundTripMs: roundTrip === null ? null : roundTrip * 1000,
  }
}
