import { setTimeout as sleep } from 'node:timers/promises'
import type { Launched } from '@beseda/launcher/launch'
import type { SupervisedChild } from '@beseda/launcher/supervise'
import { redisKeys } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import { until } from '../beseda.ts'
import { countLeaks } from './leaks.ts'
import type { Meeting } from './meeting.ts'
import type { Wire } from './wire.ts'

/** What a blow is struck at. */
export type Scene = {
  beseda: Launched
  meeting: Meeting
  /** Past the wire, to look and to empty it. */
  redis: Redis
  redisWire: Wire
  databaseWire: Wire | undefined
  /** The SFU that `sfu-of-two` started. */
  second?: SupervisedChild
}

/** `value` is judged against the blow's `goal`, in its unit. */
export type Outcome = { value: number; note?: string }

export type Blow = {
  what: string
  goal: number
  unit: 'ms' | 'left'
  /** What is struck, until it has healed; undefined when that can not be done here. */
  strike(scene: Scene): Promise<Outcome | undefined>
}

/** A silence that is worse than this one is heard. */
const gapGoalMs = 200

export const blows: Record<string, Blow> = {
  worker: {
    what: 'kill -9 of a mediasoup worker, until all hear all',
    goal: 2_000,
    unit: 'ms',
    async strike({ meeting, redis }) {
      const pid = Number(await redis.hget(redisKeys.callRouter(meeting.callId), 'pid'))
      return { value: await meeting.untilRejoined(async () => process.kill(pid, 'SIGKILL')) }
    },
  },
  'sfu-alone': {
    what: 'kill -9 of the only SFU, which is started again, until all hear all',
    goal: 6_000,
    unit: 'ms',
    async strike({ beseda, meeting }) {
      const { sfu } = beseda.processes
      const value = await meeting.untilRejoined(() => sfu.kill('SIGKILL'))
      await sfu.ready()
      return { value }
    },
  },
  server: {
    what: 'kill -9 of the API server: longest silence',
    goal: gapGoalMs,
    unit: 'ms',
    async strike({ beseda, meeting }) {
      const { server } = beseda.processes
      const gap = await meeting.longestGap(async () => {
        await server.kill('SIGKILL')
        await server.ready()
      }, 5_000)
      await until(() => meeting.people.every(isOnline), 30_000)
      return silence(gap)
    },
  },
  redis: {
    what: 'Redis restarted empty: longest silence',
    goal: gapGoalMs,
    unit: 'ms',
    async strike({ meeting, redis, redisWire }) {
      const gap = await meeting.longestGap(async () => {
        await redisWire.cut()
        await redis.multi().flushall().script('FLUSH').exec()
        await sleep(1_000)
        await redisWire.mend()
      }, 8_000)
      await until(() => meeting.people.every(isOnline), 30_000)
      return silence(gap)
    },
  },
  database: {
    what: 'PostgreSQL gone for 30 s: longest silence',
    goal: gapGoalMs,
    unit: 'ms',
    async strike({ meeting, databaseWire }) {
      if (!databaseWire) return undefined
      const gap = await meeting.longestGap(async () => {
        await databaseWire.cut()
        await sleep(30_000)
        await databaseWire.mend()
      }, 31_000)
      return silence(gap)
    },
  },
  'sfu-of-two': {
    what: 'kill -9 of an SFU while a second one is up, until all hear all',
    goal: 4_000,
    unit: 'ms',
    async strike(scene) {
      const { beseda, meeting } = scene
      scene.second = await beseda.addSfu()
      const { sfu } = beseda.processes
      const value = await meeting.untilRejoined(() => sfu.kill('SIGKILL'))
      await sfu.ready()
      return { value }
    },
  },
  drain: {
    what: 'an SFU is told to stop while another one is up, until all hear all',
    goal: 4_000,
    unit: 'ms',
    async strike({ second, meeting }) {
      // The call went over to the second one, and goes back.
      return second && { value: await meeting.untilRejoined(() => second.restart()) }
    },
  },
}

/** After the blows, as two of the four leave the meeting for it. */
export const leaks: Blow = {
  what: '200 calls of two: rooms, transports, producers and lasting keys that are left',
  goal: 0,
  unit: 'left',
  strike: (scene) => countLeaks(scene, 200),
}

function silence({ gapMs, stallMs }: { gapMs: number; stallMs: number }): Outcome {
  return {
    value: gapMs,
    note: `this process itself stood still for up to ${Math.round(stallMs)} ms`,
  }
}

const isOnline = ({ client }: Meeting['people'][number]) =>
  client.connection.state.get().status === 'online'
