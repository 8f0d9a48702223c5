import type { Page } from '@beseda/protocol/pages'
import { z } from 'zod'
import { refuseField } from '../errors.ts'
import { isStorable } from './storable.ts'

/** Write the place after a row as the opaque text that clients hand back. */
export function formatCursor(place: (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** A moment in a cursor: of the years that PostgreSQL and a clock can mean. */
export const momentSchema = z.iso
  .datetime()
  .refine((text) => new Date(text).getTime() > 0 && text.length < 40, 'is not a moment')

/** @throws Refusal VALIDATION when the text is not a cursor of this list */
export function parseCursor<Place extends z.ZodType>(
  schema: Place,
  text: string | undefined,
): z.output<Place> | undefined {
  if (text === undefined) return undefined
  const place = parseJson(Buffer.from(text, 'base64url').toString())
  const parsed = schema.safeParse(place)
  if (!parsed.success || !isStorable(place))
    throw refuseField('cursor', 'is not from a page of this list')
  return parsed.data
}

/** Cut the page from rows that were asked for one more than `limit`. */
export function cutPage<Row>(
  rows: Row[],
  limit: number,
  placeOf: (row: Row) => (string | number)[],
): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, nextCursor: more ? formatCursor(placeOf(last)) : null }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
