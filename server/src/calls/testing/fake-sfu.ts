import {
  type CallPeerState,
  callEventsStream,
  callPeerStateSchema,
  redisKeys,
  type SfuCommand,
  type SfuEvent,
  type SfuNode,
  sfuCommandSchema,
  sfuCommandsStream,
  sfuWakeChannel,
} from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import { deviceOf } from '../seats.ts'

export type FakeSfu = Awaited<ReturnType<typeof startFakeSfu>>

type Someone = { callId: string; chatId: string; userId: string }

/** The key that the device of this user got. */
export const resumeKeyOf = (userId: string) => `key of ${userId}`

/** Writes to Redis what a real SFU writes, and hears its commands. */
export async function startFakeSfu(redis: Redis, name = 'node-1', values: Partial<SfuNode> = {}) {
  const commands: SfuCommand[] = []
  const subscriber = redis.duplicate()
  let done = '-'
  const readNew = async () => {
    for (const [id, fields] of await redis.xrange(sfuCommandsStream(name), done, '+')) {
      done = `(${id}`
      commands.push(sfuCommandSchema.parse(JSON.parse(fields[1] ?? '')))
    }
  }
  let reading = Promise.resolve()
  subscriber.on('message', () => {
    reading = reading.then(readNew)
  })
  await subscriber.subscribe(sfuWakeChannel(name))

  async function register(changed: Partial<SfuNode> = {}) {
    const node: SfuNode = {
      node: name,
      publicUrl: null,
      port: 3001,
      load: 0,
      draining: false,
      rtpCapabilities: { codecs: [] },
      ...values,
      ...changed,
    }
    await redis.set(redisKeys.sfuNode(name), JSON.stringify(node))
  }

  const emit = (event: SfuEvent) =>
    redis.xadd(callEventsStream, '*', 'event', JSON.stringify(event))

  /** Somebody's socket joined; the peers' hash comes before the event. */
  async function join({ callId, chatId, userId }: Someone, at = Date.now()) {
    const state: CallPeerState = {
      joinedAt: at,
      sources: ['microphone'],
      publish: ['microphone'],
      device: deviceOf(resumeKeyOf(userId)) ?? '',
    }
    await redis.hset(redisKeys.callPeers(callId), userId, JSON.stringify(state))
    await emit({ type: 'joined', callId, chatId, userId, at })
  }

  async function leave({ callId, chatId, userId }: Someone, at = Date.now()) {
    const peer = await redis.hget(redisKeys.callPeers(callId), userId)
    const { joinedAt } = callPeerStateSchema.parse(JSON.parse(peer ?? ''))
    await redis.hdel(redisKeys.callPeers(callId), userId)
    await emit({ type: 'left', callId, chatId, userId, joinedAt, reason: 'left', at })
    const left = await redis.hlen(redisKeys.callPeers(callId))
    if (left === 0) await emit({ type: 'ended', callId, chatId, why: 'empty', at })
  }

  /** The process is killed: its key expires, and what it wrote of calls stays. */
  const die = () => redis.del(redisKeys.sfuNode(name))

  /** The same, and the key has not expired yet: only the subscription is gone. */
  const kill = () => subscriber.disconnect()

  await register()
  return {
    name,
    commands,
    register,
    emit,
    join,
    leave,
    die,
    kill,
    close: () => subscriber.disconnect(),
  }
}
