import type { UpdateMeBody } from '@beseda/protocol/users'
import { eq } from 'drizzle-orm'
import { requireOwnPicture } from '../files/store.ts'
import type { Services } from '../services.ts'
import { type UserRow, users } from './schema.ts'
import { searchTextOf } from './search-text.ts'
import { getUserRow } from './store.ts'

/**
 * Change one's own profile.
 *
 * @throws Refusal VALIDATION when the avatar is not a picture that the user uploaded
 */
export async function updateMe(
  { db, presence }: Pick<Services, 'db' | 'presence'>,
  userId: string,
  { displayName, avatarId, status }: UpdateMeBody,
): Promise<UserRow> {
  const user = await db.transaction(async (tx) => {
    const before = await getUserRow(tx, userId)
    if (avatarId) await requireOwnPicture(tx, avatarId, userId)
    const changes = {
      ...(displayName !== undefined && {
        displayName,
        searchText: searchTextOf(before.username, displayName),
      }),
      ...(avatarId !== undefined && { avatarId }),
      ...(status !== undefined && { status }),
    }
    if (Object.keys(changes).length === 0) return before
    await tx.update(users).set(changes).where(eq(users.id, userId))
    return { ...before, ...changes }
  })
  if (status !== undefined) await presence.announce(userId)
  return user
}
