import { setTimeout as pause } from 'node:timers/promises'
import { cpuOf } from '../worker-cpu.ts'
import type { Load } from './loads.ts'

const roundMs = 800
const settleMs = 100

/**
 * CPU of each load in µs, in turns: for each packet that one receiver got, or
 * for each that the sender sent.
 */
export async function costs<Side extends string>(
  loads: Partial<Record<Side, Load>>,
  rounds: number,
  per: 'received' | 'sent',
): Promise<Record<string, number[]>> {
  const order = Object.entries<Load>(loads as Record<string, Load>)
  const seen: Record<string, number[]> = Object.fromEntries(order.map(([side]) => [side, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [side, load] of order) seen[side]?.push(await costOf(load, per))
    // Each goes first in turn, and each has another before it, so that a machine
    // that speeds up or slows down favours none.
    if (round % 2 === 0) order.reverse()
    else order.push(...order.splice(0, 1))
  }
  return seen
}

async function costOf(load: Load, per: 'received' | 'sent'): Promise<number> {
  const stops = load.tracks.map((track) => track.start())
  await pause(settleMs)
  const [cpuBefore, before] = [await cpuOf(load.pid), load[per]()]
  await pause(roundMs)
  const [cpuAfter, after] = [await cpuOf(load.pid), load[per]()]
  for (const stop of stops) stop()
  await pause(settleMs)
  return Number(cpuAfter - cpuBefore) / 1000 / (after - before)
}
