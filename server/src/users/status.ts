import type { Status } from '@beseda/protocol/users'
import type { Connection } from '../presence/connections.ts'

/** How a user appears to others: what they chose while connected, else offline. */
export function statusOf(
  chosen: Exclude<Status, 'offline'>,
  state: Connection | undefined,
): Status {
  if (state === undefined) return 'offline'
  return state === 'away' && chosen === 'online' ? 'away' : chosen
}
