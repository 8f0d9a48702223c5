import { STATUS_CODES } from 'node:http'
import { type ErrorBody, type ErrorCode, errorStatus } from '@beseda/protocol/errors'
import type { z } from 'zod'

/** A refusal that the caller is told of, with one of the protocol's codes. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: ErrorCode
  readonly statusCode: number
  readonly issues: ErrorBody['issues']
  readonly call: ErrorBody['call']
  /** Seconds to wait before the next try. */
  readonly retryAfter: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      issues?: ErrorBody['issues']
      call?: ErrorBody['call']
      retryAfter?: number
    } = {},
  ) {
    super(message)
    this.code = code
    this.statusCode = errorStatus[code]
    this.issues = details.issues
    this.call = details.call
    this.retryAfter = details.retryAfter
  }
}

/** Something that keeps the process from starting; `message` says what, and what to do. */
export class StartError extends Error {
  override name = 'StartError'
}

/** Make the refusal for a code, to be thrown. */
export function refuse(code: ErrorCode, message: string): Refusal {
  return new Refusal(code, message)
}

/** Make the refusal of what came too often; `retryAfter` in seconds becomes the header. */
export function refuseTooOften(message: string, retryAfter: number): Refusal {
  return new Refusal('RATE_LIMITED', message, { retryAfter })
}

/** Make the refusal of one field that has the right shape and a value that can't be. */
export function refuseField(path: string, message: string): Refusal {
  return new Refusal('VALIDATION', `${path}: ${message}`, { issues: [{ path, message }] })
}

/** Make the refusal of data that does not fit its schema. */
export function refuseInvalid(part: string, error: z.ZodError): Refusal {
  const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return new Refusal('VALIDATION', `The ${part} does not fit: see issues.`, { issues })
}

/** The bytes that a refusal becomes. */
export function errorBody({ code, message, issues, call }: Refusal): ErrorBody {
  const statusCode = errorStatus[code]
  const error = STATUS_CODES[statusCode] ?? 'Error'
  return { statusCode, code, error, message, ...(issues && { issues }), ...(call && { call }) }
}
