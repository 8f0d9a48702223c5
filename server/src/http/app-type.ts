import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { z } from 'zod'
import { refuse, refuseInvalid } from '../errors.ts'
import { isStorable } from './storable.ts'

interface ZodTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
}

/** Fastify whose route schemas are zod schemas: `schema: { body, params, querystring }`. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypes
>

const partNames: Record<string, string> = {
  body: 'body',
  params: 'address',
  querystring: 'query',
  headers: 'header',
}

/** Lets zod parse each part of a request; what does not fit is refused with its issues. */
export const zodCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new Error('A route schema must be a zod schema.')
  const part = partNames[httpPart ?? ''] ?? 'request'
  return (data) => {
    if (!isStorable(data)) return { error: refuse('VALIDATION', `The ${part} holds broken text.`) }
    const parsed = schema.safeParse(data)
    return parsed.success ? { value: parsed.data } : { error: refuseInvalid(part, parsed.error) }
  }
}
