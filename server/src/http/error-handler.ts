import type { ErrorCode } from '@beseda/protocol/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorBody, Refusal, refuse } from '../errors.ts'

/** Fastify's and its plugins' own errors, as the protocol names them. */
const named: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['INVALID_JSON', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['INVALID_JSON', 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['INVALID_JSON', 'The body is shorter than announced.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON.'],
  FST_REQ_FILE_TOO_LARGE: ['FILE_TOO_LARGE', 'The file is too large.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be multipart.'],
}

const byStatus: Record<number, [ErrorCode, string]> = {
  400: ['VALIDATION', 'The request can not be understood.'],
  404: ['NOT_FOUND', 'There is nothing at this address.'],
  406: ['UNSUPPORTED_MEDIA_TYPE', 'The body is of a type that is not accepted here.'],
  413: ['PAYLOAD_TOO_LARGE', 'The body is too large.'],
  414: ['VALIDATION', 'The address is too long.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The body is of a type that is not accepted here.'],
}

/** Codes of the operating system, PostgreSQL and Redis for "nobody there". */
const unavailable = /^(ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|08|57P0)/
const unavailableText =
  /Connection terminated|timeout exceeded when trying to connect|PGlite is clos|Connection is closed|max retries per request/i

/** Turn whatever was thrown into bytes; what is not known is logged whole and says nothing. */
export function handleError(thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = asRefusal(thrown)
  // A refusal that we made says all there is to say; only what is not known needs its stack.
  if (refusal.statusCode >= 500 && refusal !== thrown) {
    request.log.error({ err: thrown }, 'request failed')
  }
  if (refusal.retryAfter !== undefined) reply.header('retry-after', refusal.retryAfter)
  return reply.code(refusal.statusCode).send(errorBody(refusal))
}

/** Answer a request for an address that does not exist. */
export function handleNotFound(_request: FastifyRequest, reply: FastifyReply) {
  return reply.code(404).send(errorBody(refuse('NOT_FOUND', 'There is nothing at this address.')))
}

function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  if (isUnavailable(thrown)) {
    return refuse('UNAVAILABLE', 'The database can not be reached now. Try again soon.')
  }
  const { code = '', statusCode = 500 } = describe(thrown)
  const known = named[code] ?? byStatus[statusCode]
  return known ? refuse(...known) : refuse('INTERNAL', 'Something went wrong on the server.')
}

function isUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const { code = '' } = describe(thrown)
  return (
    unavailable.test(code) || unavailableText.test(thrown.message) || isUnavailable(thrown.cause)
  )
}

function describe(thrown: unknown): { code?: string; statusCode?: number } {
  if (typeof thrown !== 'object' || thrown === null) return {}
  return {
    ...('code' in thrown && typeof thrown.code === 'string' && { code: thrown.code }),
    ...('statusCode' in thrown &&
      typeof thrown.statusCode === 'number' && { statusCode: thrown.statusCode }),
  }
}
