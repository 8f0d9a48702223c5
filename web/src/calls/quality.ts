import type { Uplink } from '@beseda/protocol/signalling'
import type { CallStatsView, TrackStats } from './stats.ts'

export type Quality = 'good' | 'fair' | 'poor'

/**
 * Where the trouble is: on the way of what one sends, of what one receives, in the relay between,
 * on the way of what the other sends, or at the call server.
 */
export type Culprit = 'ownUplink' | 'ownDownlink' | 'relay' | 'theirUplink' | 'server'

/** How somebody's connection is, whose fault that is, and the numbers behind it; null is unknown. */
export type Verdict = {
  quality: Quality
  /** Null while all is good. */
  culprit: Culprit | null
  loss: number | null
  jitterMs: number | null
  roundTripMs: number | null
}

/** All that a verdict is made of. */
export type Evidence = {
  selfId: string
  /** The others in the call. */
  peerIds: string[]
  /** Whose way to the SFU is bad, as the SFU says. */
  troubled: Uplink[]
  /** What the browser counted since the last look. */
  stats: CallStatsView
}

/** From these on a connection is no more than fair, or poor; a score from these down. */
const limits = {
  fair: { loss: 0.02, score: 7, jitterMs: 60, roundTripMs: 200 },
  poor: { loss: 0.08, score: 4, jitterMs: 150, roundTripMs: 500 },
}

type Signs = Partial<Record<'loss' | 'score' | 'jitterMs' | 'roundTripMs', number | null>>

function grade(signs: Signs): Quality {
  const reaches = ({ loss, score, jitterMs, roundTripMs }: typeof limits.fair) =>
    (signs.loss ?? 0) > loss ||
    (signs.score ?? 10) <= score ||
    (signs.jitterMs ?? 0) > jitterMs ||
    (signs.roundTripMs ?? 0) > roundTripMs
  if (reaches(limits.poor)) return 'poor'
  return reaches(limits.fair) ? 'fair' : 'good'
}

const ranks: Record<Quality, number> = { good: 0, fair: 1, poor: 2 }
type Blame = { quality: Quality; culprit: Culprit }

/** The worst; of two that are as bad the first. Nobody is to blame for what is good. */
function worst(blames: Blame[]): Pick<Verdict, 'quality' | 'culprit'> {
  const [first] = blames.toSorted((a, b) => ranks[b.quality] - ranks[a.quality])
  if (!first || first.quality === 'good') return { quality: 'good', culprit: null }
  return first
}

const isInbound = ({ userId }: TrackStats) => userId !== null

/** Loss over tracks, each as heavy as its packets; null when nothing was to come. */
function lossOf(tracks: TrackStats[], lossOn = (track: TrackStats) => track.loss ?? 0) {
  const packets = tracks.reduce((sum, track) => sum + track.packets, 0)
  if (packets === 0) return null
  return tracks.reduce((sum, track) => sum + track.packets * lossOn(track), 0) / packets
}

/** The steadiest sound tells how steady the way is that all of it takes. */
function jitterOf(tracks: TrackStats[]): number | null {
  const known = tracks.flatMap(({ kind, jitterMs }) =>
    kind === 'audio' && jitterMs !== null ? [jitterMs] : [],
  )
  return known.length > 0 ? Math.min(...known) : null
}

/** Whether so many send badly at the same time that it will not be their own fault. */
const isServers = ({ troubled, peerIds }: Evidence) =>
  troubled.length >= 3 && troubled.length * 3 >= (peerIds.length + 1) * 2

/** What one receives, from the SFU on: losses before it are those of whoever sent. */
function judgeDownlink({ troubled, stats }: Evidence): Signs {
  const inbound = stats.tracks.filter(isInbound)
  const before = new Map(troubled.map(({ userId, loss }) => [userId, loss]))
  const lossHere = ({ userId, loss }: TrackStats) =>
    Math.max(0, (loss ?? 0) - (before.get(userId ?? '') ?? 0))
  return {
    loss: lossOf(inbound, lossHere),
    jitterMs: jitterOf(inbound),
    roundTripMs: stats.path?.roundTripMs ?? null,
  }
}

function blameDownlink(evidence: Evidence): Blame {
  const quality = grade(judgeDownlink(evidence))
  if (isServers(evidence)) return { quality, culprit: 'server' }
  return { quality, culprit: evidence.stats.path?.local === 'relay' ? 'relay' : 'ownDownlink' }
}

/** How one's own connection is, both ways. */
export function judgeOwn(evidence: Evidence): Verdict {
  const { selfId, troubled, stats } = evidence
  const uplink = troubled.find(({ userId }) => userId === selfId)
  const downlink = judgeDownlink(evidence)
  const relayed = stats.path?.local === 'relay'
  const verdict = worst([
    {
      quality: uplink ? grade(uplink) : 'good',
      culprit: isServers(evidence) ? 'server' : relayed ? 'relay' : 'ownUplink',
    },
    blameDownlink(evidence),
  ])
  return {
    ...verdict,
    loss: Math.max(uplink?.loss ?? 0, downlink.loss ?? 0),
    jitterMs: downlink.jitterMs ?? null,
    roundTripMs: downlink.roundTripMs ?? null,
  }
}

/** How somebody else is received here: their way to the SFU, and one's own from there. */
export function judgePeer(evidence: Evidence, userId: string): Verdict {
  const { troubled, stats } = evidence
  const uplink = troubled.find((one) => one.userId === userId)
  const theirs = stats.tracks.filter((track) => track.userId === userId)
  const jitterMs = jitterOf(theirs)
  // What is steady from the others has become unsteady on the way to the SFU.
  const jitterThere = (jitterMs ?? 0) - (jitterOf(stats.tracks.filter(isInbound)) ?? 0)
  const verdict = worst([
    {
      quality: grade({ ...uplink, jitterMs: jitterThere }),
      culprit: isServers(evidence) ? 'server' : 'theirUplink',
    },
    blameDownlink(evidence),
  ])
  return {
    ...verdict,
    loss: Math.max(uplink?.loss ?? 0, lossOf(theirs) ?? 0),
    jitterMs,
    roundTripMs: stats.path?.roundTripMs ?? null,
  }
}
