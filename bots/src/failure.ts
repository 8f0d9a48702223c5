import { SignallingError } from '@beseda/client/calls/signalling'
import { RequestError } from '@beseda/client/rest'

/** The run can't be made at all; the message is for whoever started it. */
export class RunError extends Error {
  override name = 'RunError'
}

/** Something that a bot could not do, in words that are the same for all bots it happens to. */
export function explain(error: unknown, url: string): string {
  if (error instanceof RequestError) return explainRequest(error, url)
  if (error instanceof SignallingError) {
    switch (error.code) {
      case 'CLOSED':
      case 'TIMEOUT':
        return 'The SFU does not answer: is it running, and its port reachable from here?'
      case 'CALL_FULL':
        return 'The call is full.'
      default:
        return `The SFU refused (${error.code}): ${error.message}`
    }
  }
  return error instanceof Error ? error.message : String(error)
}

function explainRequest(error: RequestError, url: string): string {
  switch (error.code) {
    case 'NETWORK':
      return `No server answers at ${url}.`
    case 'BAD_ANSWER':
      return `What answers at ${url} is not Beseda (or another version of it).`
    case 'RATE_LIMITED':
      return 'The server limits how often this may be done: start it with RATE_LIMITS=off for load tests.'
    case 'INVALID_CREDENTIALS':
      return 'The server refused the login: wrong username or password.'
    case 'REGISTRATION_CLOSED':
    case 'REGISTRATION_INVITE':
      return 'The server registers nobody: give the bots accounts in the scenario.'
    case 'CALL_FULL':
      return 'The call is full.'
    case 'NO_SFU':
      return 'The server has no SFU that is alive.'
    default:
      return `The server refused (${error.code}): ${error.message}`
  }
}
