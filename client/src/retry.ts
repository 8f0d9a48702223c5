import { backoff } from './backoff.ts'
import { RequestError } from './rest.ts'

/** Worth another try: the server was not reached, was not able, or asked to wait. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    ['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'].includes(error.code)
  )
}

/** Milliseconds before try number `attempt` (from 0) after `error`; the server's word counts. */
export function retryDelay(error: unknown, attempt: number): number {
  const asked = error instanceof RequestError ? error.retryAfter : null
  return asked === null ? backoff(attempt) : asked * 1000
}

/** The code of a refusal, for whoever shows it. */
export const codeOf = (error: unknown) => (error instanceof RequestError ? error.code : 'INTERNAL')

/**
 * What `work` answers, if it does within `ms`. What it answers later is lost.
 *
 * @throws RequestError NETWORK when it takes longer
 */
export async function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new RequestError('NETWORK', 'The server did not answer in time.')),
    ms,
  )
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
