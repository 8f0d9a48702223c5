import type { Call } from '@beseda/protocol/calls'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Rules } from '../administration/rules.ts'
import type { Database } from '../db/database.ts'
import type { Bus } from '../events/bus.ts'
import type { ServerSettings } from '../settings.ts'
import { makeChatChanges } from './chat-changes.ts'
import { makeCallControl } from './control.ts'
import { makeCallEntry } from './entry.ts'
import { makeCallEventHandler } from './events.ts'
import { makeSfuNodes } from './nodes.ts'
import { makeSeats } from './seats.ts'
import { toCall } from './snapshot.ts'
import { makeStartLimits } from './start-limits.ts'
import { makeCallStates } from './state.ts'
import { consumeCallEvents } from './stream.ts'
import { makeCallSweep } from './sweep.ts'

export type CallsDeps = {
  db: Database
  redis: Redis
  bus: Bus
  log: Logger
  settings: ServerSettings
  rules: Rules
  /** ms */
  now?: () => number
}

export type Calls = ReturnType<typeof makeCalls>

/** Build everything that a server does about calls; `run` starts what works by itself. */
export function makeCalls({ db, redis, bus, log, settings, rules, now = Date.now }: CallsDeps) {
  const states = makeCallStates(redis)
  const nodes = makeSfuNodes(redis, now)
  const control = makeCallControl({ db, redis, bus, states, now })
  const chatChanges = makeChatChanges({ db, states, control, log, now })
  const countStart = makeStartLimits(redis, settings.RATE_LIMITS === 'on', async () => {
    return (await rules.read(db)).limits.callStartsPerMinute
  })
  const seats = makeSeats({ db, redis, states, control, now })
  const entry = makeCallEntry({
    ...{ db, bus, states, nodes, control, seats, countStart, settings, now },
  })
  const handle = makeCallEventHandler({ db, log, states, control })
  const sweep = makeCallSweep({ db, log, states, nodes, control, chatChanges, now })

  /** The calls that are on now, by chat id. */
  async function current(chatIds: string[]): Promise<Map<string, Call>> {
    const found = await states.currentOfChats(chatIds)
    return new Map([...found].map(([chatId, call]) => [chatId, toCall(call)]))
  }

  /** Hear what the SFUs saw, and look after calls that nobody ends, until closed. */
  function run() {
    const events = consumeCallEvents({ redis, log, handle })
    const sweeping = sweep.run()
    return {
      async close() {
        await Promise.all([events.close(), sweeping.close()])
      },
    }
  }

  return { states, nodes, control, seats, chatChanges, entry, handle, sweep, current, run, now }
}
