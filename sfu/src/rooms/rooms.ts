import type { SfuCommand } from '@beseda/protocol/redis'
import type { FastifyBaseLogger } from 'fastify'
import { Refusal } from '../refusal.ts'
import type { MediaWorker } from '../workers/media-worker.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { AloneTimes } from './alone.ts'
import { Decisions } from './decisions.ts'
import { Room } from './room.ts'
import type { RoomLog } from './room-log.ts'

export type RoomsOptions = {
  pool: WorkerPool
  addresses: () => string[]
  /** How long a peer without a socket is kept, in milliseconds. */
  resumeGrace: number
  alone: AloneTimes
  log: RoomLog
  logger: FastifyBaseLogger
}

type Command<Type extends SfuCommand['type']> = Extract<SfuCommand, { type: Type }>

export type CallOnNode = { callId: string; chatId: string; epoch: number; startedAt: number }

/** The rooms of this node, at most one for each call. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #decisions = new Decisions()
  readonly #open = new Map<string, Room>()
  readonly #opening = new Map<string, Promise<Room>>()
  #draining = false

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  get all(): Room[] {
    return [...this.#open.values()]
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Producers and consumers that are open on the node. */
  get load(): number {
    return this.all.reduce((sum, room) => sum + room.load, 0)
  }

  get(callId: string): Room | undefined {
    return this.#open.get(callId)
  }

  /**
   * The room of a call, opened when there is none; callers at once get the same.
   *
   * @throws Refusal DRAINING when the node stops or has no worker
   */
  getOrOpen(call: CallOnNode): Promise<Room> {
    const room = this.#open.get(call.callId)
    if (room?.options.epoch === call.epoch) return Promise.resolve(room)
    const underWay = this.#opening.get(call.callId)
    if (underWay) return underWay
    room?.close('moved')
    const opening = this.#openRoom(call).finally(() => this.#opening.delete(call.callId))
    this.#opening.set(call.callId, opening)
    return opening
  }

  /** Put a user out of a call, and keep out who comes with a token from before. */
  remove({ callId, userId, reason, at }: Command<'remove'>): void {
    this.#decisions.note(callId, userId, 'removed', at)
    this.get(callId)?.remove(userId, reason)
  }

  /** What a user may publish in a call from now on, whatever a token from before says. */
  allow({ callId, userId, publish, lowerHand, at }: Command<'rights'>): void {
    this.#decisions.note(callId, userId, publish, at)
    this.get(callId)?.allow(userId, publish, lowerHand)
  }

  /** Open no room any more; those that are open go on. */
  refuse(): void {
    this.#draining = true
  }

  /** Open rooms again. */
  accept(): void {
    this.#draining = false
  }

  /** Close every room so that clients go to another node. No room opens any more. */
  drain(): void {
    this.refuse()
    for (const room of this.all) room.close('lost')
  }

  async #openRoom(call: CallOnNode): Promise<Room> {
    const { pool, addresses, resumeGrace, alone, log, logger } = this.#options
    const worker = pool.leastLoaded((candidate) => this.#loadOn(candidate))
    if (worker === undefined || this.#draining) {
      throw new Refusal('DRAINING', 'this node takes no calls now')
    }
    const stage = await worker.takeStage()
    if (this.#draining || stage.router.closed) {
      stage.router.close()
      throw new Refusal('DRAINING', 'this node takes no calls now')
    }
    const onClosed = (closed: Room) => this.#forget(closed)
    const decisions = this.#decisions
    const shared = { addresses, decisions, resumeGrace, alone, log, logger, onClosed }
    const room = new Room({ ...call, ...shared, worker, stage })
    this.#open.set(call.callId, room)
    return room
  }

  /** A room counts a little by itself, so that empty ones spread over the workers. */
  #loadOn(worker: MediaWorker): number {
    return this.all
      .filter((room) => room.options.worker === worker)
      .reduce((sum, room) => sum + room.load + 1, 0)
  }

  #forget(room: Room): void {
    if (this.#open.get(room.callId) === room) this.#open.delete(room.callId)
  }
}
