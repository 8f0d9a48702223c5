export type Quality = 'good' | 'fair' | 'poor'

/** What is counted at one moment, summed over all tracks. */
export type Counts = { lost: number; received: number; roundTripMs: number | null }

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** Sum up a transport's statistics (W3C WebRTC Stats). */
export function countStats(reports: Iterable<Record<string, unknown>>): Counts {
  const counts: Counts = { lost: 0, received: 0, roundTripMs: null }
  for (const report of reports) {
    if (report.type === 'inbound-rtp') {
      if (isNumber(report.packetsLost)) counts.lost += report.packetsLost
      if (isNumber(report.packetsReceived)) counts.received += report.packetsReceived
    }
    const isUsedPair = report.type === 'candidate-pair' && report.nominated === true
    if (isUsedPair && isNumber(report.currentRoundTripTime)) {
      counts.roundTripMs = report.currentRoundTripTime * 1000
    }
  }
  return counts
}

/** How the connection has been between two moments. */
export function judgeQuality(before: Counts, now: Counts): Quality {
  const lost = Math.max(0, now.lost - before.lost)
  const received = Math.max(0, now.received - before.received)
  const loss = lost + received > 0 ? lost / (lost + received) : 0
  const roundTrip = now.roundTripMs ?? 0
  if (loss > 0.08 || roundTrip > 500) return 'poor'
  if (loss > 0.02 || roundTrip > 200) return 'fair'
  return 'good'
}
