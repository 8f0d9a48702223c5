import { isDeepStrictEqual } from 'node:util'
import { callPeerStateSchema, redisKeys } from '@beseda/protocol/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Room } from '../rooms/room.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { CallCopies } from './call-copies.ts'
import type { Journal } from './journal.ts'
import { wholeRoom } from './journal-room-log.ts'

export type ReconcileOptions = {
  redis: Redis
  rooms: Rooms
  copies: CallCopies
  journal: Journal
  /** Milliseconds between two rounds. */
  interval: number
  log: FastifyBaseLogger
}

/**
 * Bring rooms and Redis together again after something was missed: a command
 * while the connection was down, or writes that Redis lost. Answers how to stop.
 */
export function keepReconciled(options: ReconcileOptions): () => void {
  const { redis, interval, log } = options
  let running = false
  async function run(): Promise<void> {
    if (running) return
    running = true
    await reconcile(options).catch((error) => {
      log.debug({ err: error }, 'reconciling waits for redis')
    })
    running = false
  }
  const timer = setInterval(run, interval)
  redis.on('ready', run)
  return () => {
    clearInterval(timer)
    redis.off('ready', run)
  }
}

async function reconcile(options: ReconcileOptions): Promise<void> {
  const rooms = options.rooms.all
  options.copies.keep(new Set(rooms.map((room) => room.callId)))
  await Promise.all(rooms.map((room) => reconcileRoom(options, room)))
}

/** A call that Redis does not know goes on: its people talk, and nobody ended it. */
async function reconcileRoom({ redis, copies, journal }: ReconcileOptions, room: Room) {
  const { callId, epoch } = room.options
  const before = copies.known(callId)
  const call = await copies.read(callId)
  if (call?.status === 'ended') return room.close('ended')
  if (call && call.epoch > epoch) return room.close('moved')
  if ((!call || call.epoch < epoch) && before) {
    if (!(await copies.restore(room, before))) return room.close('ended')
  }
  const written = await redis.hgetall(redisKeys.callPeers(callId))
  if (!room.closed && !isDeepStrictEqual(parsePeers(written), peersOf(room))) {
    journal.record(wholeRoom(room))
  }
}

function peersOf(room: Room): Map<string, unknown> {
  return new Map(room.peers.map((peer) => [peer.userId, peer.state]))
}

function parsePeers(written: Record<string, string>): Map<string, unknown> {
  return new Map(
    Object.entries(written).map(([userId, text]) => {
      try {
        return [userId, callPeerStateSchema.safeParse(JSON.parse(text)).data]
      } catch {
        return [userId, undefined]
      }
    }),
  )
}
