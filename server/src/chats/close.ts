import { eq } from 'drizzle-orm'
import { refuse } from '../errors.ts'
import { deleteChatAttachments } from '../messages/attachments.ts'
import type { Services } from '../services.ts'
import { allow, loadMembership, lockMembership, type Membership } from './membership.ts'
import { requireUser } from './people.ts'
import { chats } from './schema.ts'

type Deps = Pick<Services, 'db' | 'bus' | 'calls' | 'folder'>

/**
 * Delete a chat with everything in it; a call that is on there ends first.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export function deleteChat(deps: Deps, chatId: string, actorId: string): Promise<void> {
  return closeChat(deps, chatId, actorId, (membership) => allow(membership, { do: 'deleteChat' }))
}

/**
 * The owner leaves: a chat in which nobody else is goes with them.
 *
 * @throws Refusal NOT_FOUND, OWNER_MUST_HAND_OVER
 */
export function leaveAlone(deps: Deps, chatId: string, actorId: string): Promise<void> {
  return closeChat(deps, chatId, actorId, (membership) => {
    allow(membership, { do: 'deleteChat' })
    if (membership.chat.memberCount === 1) return
    throw refuse('OWNER_MUST_HAND_OVER', 'Hand the chat over to somebody first, or delete it.')
  })
}

/** @param check throws unless the actor may */
async function closeChat(
  deps: Deps,
  chatId: string,
  actorId: string,
  check: (membership: Membership) => void,
): Promise<void> {
  const { db, bus, calls, folder } = deps
  check(await loadMembership(db, chatId, actorId))
  await calls.chatChanges.end(chatId)
  const done = await db.transaction(async (tx) => {
    check(await lockMembership(tx, chatId, actorId))
    // A call that begins while the row is held can't write its log, and fails.
    if (await calls.chatChanges.isOn(chatId)) return undefined
    const fileIds = await deleteChatAttachments(tx, chatId)
    await tx.delete(chats).where(eq(chats.id, chatId))
    return { actor: await requireUser(tx, actorId), fileIds }
  })
  if (!done) return closeChat(deps, chatId, actorId, check)
  const event = { type: 'chat.closed' as const, chatId, reason: 'deleted' as const }
  bus.publish({ chatId }, { ...event, actor: done.actor.displayName })
  await folder.remove(done.fileIds)
}
