import { setTimeout as pause } from 'node:timers/promises'
import { cpuOf } from '../worker-cpu.ts'
import type { Load } from './loads.ts'

const roundMs = 800
const settleMs = 100

/**
 * One round of a load: its CPU in µs, the packets that its sender sent, those
 * that receivers got, and what share these are of all that they should have got.
 */
export type Round = { cpu: number; sent: number; received: number; arrived: number }

/** Rounds of each load, in turns. */
export async function takeRounds(
  loads: Partial<Record<string, Load>>,
  rounds: number,
): Promise<Record<string, Round[]>> {
  const order = Object.entries(loads).flatMap(([side, load]) => (load ? [{ side, load }] : []))
  const seen: Record<string, Round[]> = Object.fromEntries(order.map(({ side }) => [side, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { side, load } of order) seen[side]?.push(await takeRound(load))
    // Each goes first in turn, and each has another before it, so that a machine
    // that speeds up or slows down favours none.
    if (round % 2 === 0) order.reverse()
    else order.push(...order.splice(0, 1))
  }
  return seen
}

async function takeRound(load: Load): Promise<Round> {
  const look = async () => ({
    cpu: Number(await cpuOf(load.pid)) / 1000,
    sent: load.sent(),
    received: load.received(),
  })
  const stops = load.tracks.map((track) => track.start())
  await pause(settleMs)
  const before = await look()
  await pause(roundMs)
  const after = await look()
  for (const stop of stops) stop()
  await pause(settleMs)
  const sent = after.sent - before.sent
  const received = after.received - before.received
  return {
    cpu: after.cpu - before.cpu,
    sent,
    received,
    arrived: received / (sent * load.receivers()),
  }
}
