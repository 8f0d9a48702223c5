import { and, eq } from 'drizzle-orm'
import type { Services } from '../services.ts'
import { loadMembership } from './membership.ts'
import { chatMembers } from './schema.ts'

/**
 * Mute a chat for one member, or unmute it, on all their devices.
 *
 * @throws Refusal NOT_FOUND
 */
export async function muteChat(
  { db, bus }: Pick<Services, 'db' | 'bus'>,
  chatId: string,
  userId: string,
  muted: boolean,
): Promise<void> {
  await loadMembership(db, chatId, userId)
  await db
    .update(chatMembers)
    .set({ muted })
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
  bus.publish({ userIds: [userId] }, { type: 'chat.muted', chatId, muted })
}
