import { setTimeout as sleep } from 'node:timers/promises'
import { and, isNull, lt } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { ChatChanges } from './chat-changes.ts'
import type { CallControl } from './control.ts'
import { judge } from './judge.ts'
import type { SfuNodes } from './nodes.ts'
import { calls } from './schema.ts'
import type { CallSnapshot, CallState } from './snapshot.ts'
import type { CallStates } from './state.ts'

const sweepEveryMs = 1_000
const reconcileEveryMs = 15_000

export type SweepDeps = {
  db: Database
  log: Logger
  states: CallStates
  nodes: SfuNodes
  control: CallControl
  chatChanges: ChatChanges
  now: () => number
}

export type CallSweep = ReturnType<typeof makeCallSweep>

/** Looks after calls that nobody else ends. Servers may sweep at the same time. */
export function makeCallSweep({ db, log, states, nodes, control, chatChanges, now }: SweepDeps) {
  /** Look at every call that is due: rings too long, stays empty, lost its node. */
  async function look(): Promise<void> {
    const ids = await states.due(now())
    const snapshots = await states.readMany(ids)
    const found = snapshots.filter((call) => call !== null)
    const alive = await nodes.alive(found.map((call) => call.state.node))
    const gone = ids.filter((_, index) => !snapshots[index])
    await Promise.all(gone.map(states.forget))
    for (const call of found) {
      await attempt(() => carryOut(call, alive.has(call.state.node)))
    }
  }

  async function carryOut(call: CallSnapshot, nodeAlive: boolean) {
    const { state } = call
    const verdict = judge(call, nodeAlive, now())
    if (verdict.do === 'end') return control.end(state, verdict.reason, verdict.guard)
    const { changed } = await states.wait(state, state.epoch, verdict)
    if (verdict.forgetPeers && changed) await control.loseAll(state)
  }

  /** Calls that the log has open and Redis does not know, and since when (ms). */
  let missing = new Map<string, number>()

  /**
   * Close the log of calls that ended while it could not be written, or that Redis lost and no SFU
   * has written again; and put right what people in calls may do where a command got lost.
   */
  async function reconcile(): Promise<void> {
    const open = await db
      .select()
      .from(calls)
      .where(and(isNull(calls.endedAt), lt(calls.createdAt, new Date(now() - reconcileEveryMs))))
    const snapshots = await states.readMany(open.map(({ id }) => id))
    const before = missing
    missing = new Map()
    for (const [index, row] of open.entries()) {
      const snapshot = snapshots[index]
      if (snapshot) {
        const { state } = snapshot
        const ended = state.status === 'ended'
        await attempt(() => (ended ? control.logEnd(state) : chatChanges.putRight(snapshot)))
        continue
      }
      const since = before.get(row.id) ?? now()
      missing.set(row.id, since)
      const lost = now() - since >= reconcileEveryMs
      if (lost) await attempt(() => control.logEnd(lostCall(row, since)))
    }
  }

  /** One call's trouble keeps nobody from the next one. */
  const attempt = (work: () => Promise<void>) =>
    work().catch((error) => log.warn({ err: error }, 'a sweep over the calls failed'))

  /** Do both until closed. */
  function run() {
    const closing = new AbortController()
    async function loop() {
      let reconciledAt = Number.NEGATIVE_INFINITY
      while (!closing.signal.aborted) {
        await attempt(look)
        if (Date.now() - reconciledAt >= reconcileEveryMs) {
          await attempt(reconcile)
          reconciledAt = Date.now()
        }
        await sleep(sweepEveryMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
    const running = loop()
    return {
      async close() {
        closing.abort()
        await running
      },
    }
  }

  return { look, reconcile, run }
}

function lostCall(row: typeof calls.$inferSelect, now: number): CallState {
  return {
    id: row.id,
    chatId: row.chatId,
    initiatorId: row.initiatorId ?? '',
    type: row.type,
    status: 'ended',
    createdAt: row.createdAt.getTime(),
    answeredAt: row.answeredAt?.getTime() ?? null,
    endedAt: now,
    reason: 'failed',
    node: '',
    epoch: 1,
    idleSince: null,
  }
}
