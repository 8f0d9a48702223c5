import { timestamp, uuid } from 'drizzle-orm/pg-core'
import { v7 } from 'uuid'

/** A primary key that grows with time (UUIDv7), made here and not in the database. */
export const idColumn = () =>
  uuid('id')
    .primaryKey()
    .$defaultFn(() => v7())

/** A point in time with the precision of JavaScript's `Date`, so that it compares as it was written. */
export const momentColumn = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
