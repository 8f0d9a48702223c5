import { z } from 'zod'
import { limits } from './limits.ts'

/** Query of every list: an opaque cursor from the page before, and a size. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number<number>().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
})

/** The shape of every list: `nextCursor` is null on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export type Page<Item> = { items: Item[]; nextCursor: string | null }
