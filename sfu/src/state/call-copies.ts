import { callStatusSchema } from '@beseda/protocol/calls'
import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Room } from '../rooms/room.ts'

const callStateSchema = z.object({
  status: callStatusSchema,
  epoch: z.coerce.number().int(),
  createdAt: z.coerce.number().int(),
})
export type CallState = z.infer<typeof callStateSchema>

/** What the servers have written of a call. */
export type CallCopy = { fields: Record<string, string>; speakers: string[]; declined: string[] }

export type CallCopies = {
  /** What the servers say of a call; undefined when there is no such call. Rejects while Redis is away. */
  read(callId: string): Promise<CallState | undefined>
  /** What was read last of a call. */
  known(callId: string): CallCopy | undefined
  /**
   * Write the call of a room again, because Redis came back without it. Answers false when the
   * chat has another call by now.
   */
  restore(room: Room, copy: CallCopy): Promise<boolean>
  /** Forget what was read of all calls but these. */
  keep(callIds: Set<string>): void
}

/**
 * Whoever is first writes; a node that knows the call of an older epoch is outdone by the one that
 * has it now.
 */
const restoreScript = `
local call, chat, due, speakers, declined = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, ttl, now, copy = ARGV[1], ARGV[2], ARGV[3], cjson.decode(ARGV[4])
local current = redis.call('GET', chat)
if current and current ~= id then return 0 end
local epoch = redis.call('HGET', call, 'epoch')
if epoch and tonumber(epoch) >= tonumber(ARGV[5]) then return 1 end
redis.call('HSET', call, unpack(copy.fields))
redis.call('EXPIRE', call, ttl)
redis.call('SET', chat, id, 'EX', ttl)
redis.call('ZADD', due, now, id)
redis.call('EXPIRE', due, ttl)
for key, members in pairs({ [speakers] = copy.speakers, [declined] = copy.declined }) do
  if #members > 0 then
    redis.call('SADD', key, unpack(members))
    redis.call('EXPIRE', key, ttl)
  end
end
for index = 6, #KEYS do redis.call('SET', KEYS[index], id, 'EX', ttl, 'NX') end
return 1`

/**
 * Reads calls, and keeps what was read. The servers own the call's state, but no server remembers
 * it: when Redis restarts empty, the SFU that has the call is who still knows.
 */
export function makeCallCopies(redis: Redis): CallCopies {
  const copies = new Map<string, CallCopy>()

  return {
    async read(callId) {
      const replies = await redis
        .pipeline()
        .hgetall(redisKeys.call(callId))
        .smembers(redisKeys.callSpeakers(callId))
        .smembers(redisKeys.callDeclined(callId))
        .exec()
      const [fields, speakers, declined] = (replies ?? []).map(([error, reply]) => {
        if (error) throw error
        return reply
      })
      const state = callStateSchema.safeParse(fields).data
      if (state) copies.set(callId, copySchema.parse({ fields, speakers, declined }))
      return state
    },

    known: (callId) => copies.get(callId),

    async restore(room, copy) {
      const { callId, chatId, epoch } = room.options
      copies.set(callId, copy)
      const keys = [
        redisKeys.call(callId),
        redisKeys.chatCall(chatId),
        redisKeys.callsDue,
        redisKeys.callSpeakers(callId),
        redisKeys.callDeclined(callId),
        ...room.peers.map(({ userId }) => redisKeys.userCall(userId)),
      ]
      const content = JSON.stringify({ ...copy, fields: Object.entries(copy.fields).flat() })
      const values = [callId, callTtlSeconds, Date.now(), content, epoch]
      return (await redis.eval(restoreScript, keys.length, ...keys, ...values)) === 1
    },

    keep(callIds) {
      for (const callId of copies.keys()) if (!callIds.has(callId)) copies.delete(callId)
    },
  }
}

const copySchema = z.object({
  fields: z.record(z.string(), z.string()),
  speakers: z.array(z.string()),
  declined: z.array(z.string()),
})
