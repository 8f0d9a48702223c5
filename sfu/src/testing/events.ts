import { callEventsStream, type SfuEvent, sfuEventSchema } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'

/** What was written of a call for the servers, oldest first. */
export async function eventsOf(redis: Redis, callId: string): Promise<SfuEvent[]> {
  const entries = await redis.xrange(callEventsStream, '-', '+')
  return entries
    .map(([, fields]) => sfuEventSchema.parse(JSON.parse(fields[1] ?? '')))
    .filter((event) => event.callId === callId)
}
