import {
  callEventsMaxLength,
  callEventsStream,
  callTtlSeconds,
  redisKeys,
} from '@beseda/protocol/redis'
import type { ChainableCommander } from 'ioredis'
import type { CallChange } from './call-change.ts'

/**
 * State and events of a call in one step, and only while the call is in the
 * epoch that the room was opened for: a node that lost a call to another one
 * must not write over it.
 */
const script = `
local call, peers, router, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local change, ttl = cjson.decode(ARGV[1]), ARGV[2]
local epoch = redis.call('HGET', call, 'epoch')
if epoch and epoch ~= ARGV[3] then return 0 end
if change.reset then redis.call('DEL', peers) end
for _, userId in ipairs(change.gone) do redis.call('HDEL', peers, userId) end
for _, peer in ipairs(change.present) do redis.call('HSET', peers, peer[1], peer[2]) end
redis.call('EXPIRE', peers, ttl)
if change.closed then redis.call('DEL', router) end
if change.router then
  redis.call('HSET', router, unpack(change.router))
  redis.call('EXPIRE', router, ttl)
end
for _, event in ipairs(change.events) do
  redis.call('XADD', stream, 'MAXLEN', '~', ARGV[4], '*', 'event', event)
end
return 1`

/** Put the write of a change into a pipeline; it answers 0 when the call has moved on. */
export function writeChange(pipeline: ChainableCommander, node: string, change: CallChange): void {
  const { callId, epoch, router, reset, peers, events } = change
  const entries = [...peers]
  const content = {
    reset,
    gone: entries.flatMap(([userId, state]) => (state === null ? userId : [])),
    present: entries.flatMap(([userId, state]) =>
      state === null ? [] : [[userId, JSON.stringify(state)]],
    ),
    closed: router === null,
    ...(router
      ? { router: ['node', node, 'pid', String(router.pid), 'routerId', router.routerId] }
      : {}),
    events: events.map((event) => JSON.stringify(event)),
  }
  pipeline.eval(
    script,
    4,
    redisKeys.call(callId),
    redisKeys.callPeers(callId),
    redisKeys.callRouter(callId),
    callEventsStream,
    JSON.stringify(content),
    callTtlSeconds,
    epoch,
    callEventsMaxLength,
  )
}
