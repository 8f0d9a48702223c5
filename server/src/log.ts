import { safeError } from '@beseda/protocol/safe-error'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { ServerSettings } from './settings.ts'

/** Make the server's log: JSON, a line each, without what errors carry along. */
export function makeLog(level: ServerSettings['LOG_LEVEL'], to?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: safeError } }
  return to ? pino(options, to) : pino(options)
}
