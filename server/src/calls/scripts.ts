import { readFileSync } from 'node:fs'
import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import type { Redis, Result } from 'ioredis'

/** Which call a transition is about; the chat's own key changes along with it. */
export type CallRef = { id: string; chatId: string }

type Arguments = (string | number)[]

declare module 'ioredis' {
  interface RedisCommander<Context> {
    callStart(...keysAndArguments: Arguments): Result<unknown, Context>
    callAnswer(...keysAndArguments: Arguments): Result<unknown, Context>
    callEnd(...keysAndArguments: Arguments): Result<unknown, Context>
    callReassign(...keysAndArguments: Arguments): Result<unknown, Context>
    callWait(...keysAndArguments: Arguments): Result<unknown, Context>
  }
}

const lua = (name: string) => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8')

/** Teach a Redis connection the transitions of a call; each runs as one atomic script. */
export function defineCallScripts(redis: Redis) {
  redis.defineCommand('callStart', { numberOfKeys: 3, lua: lua('start') })
  redis.defineCommand('callAnswer', { numberOfKeys: 7, lua: lua('answer') })
  redis.defineCommand('callEnd', { numberOfKeys: 7, lua: lua('end') })
  redis.defineCommand('callReassign', { numberOfKeys: 7, lua: lua('reassign') })
  redis.defineCommand('callWait', { numberOfKeys: 7, lua: lua('wait') })
}

/** The keys that every transition but `start` takes, and the first two arguments of all of them. */
export function onCall({ id, chatId }: CallRef, ttlSeconds = callTtlSeconds): Arguments {
  return [
    redisKeys.call(id),
    redisKeys.callPeers(id),
    redisKeys.callRouter(id),
    redisKeys.chatCall(chatId),
    redisKeys.callsDue,
    redisKeys.callSpeakers(id),
    redisKeys.callDeclined(id),
    ttlSeconds,
    id,
  ]
}
