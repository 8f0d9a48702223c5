import { v7 } from 'uuid'
import { users } from '../users/schema.ts'
import type { TestHouse } from './app.ts'

/** Accounts without passwords, for crowds. Answers their ids. */
export async function crowd({ first }: TestHouse, size: number): Promise<string[]> {
  const rows = Array.from({ length: size }, () => {
    const id = v7()
    const createdAt = new Date()
    return { id, username: id, displayName: 'C', passwordHash: '', searchText: '', createdAt }
  })
  await first.services.db.insert(users).values(rows)
  return rows.map(({ id }) => id)
}
