import type { Message, SystemEvent } from '@beseda/protocol/messages'
import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../db/database.ts'
import { revokeInvitesOf } from '../invites/store.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import { leaveAlone } from './close.ts'
import {
  allow,
  loadMembership,
  lockMembership,
  type Membership,
  requireMember,
} from './membership.ts'
import { type Named, requireUser } from './people.ts'
import { chatMembers, chats } from './schema.ts'

type Deps = Pick<Services, 'db' | 'bus' | 'calls' | 'folder'>
type Departure = { actor: Named; memberCount: number; message: Message }

/**
 * Leave a chat. An owner hands it over before, unless nobody else is in it: then it is deleted.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, OWNER_MUST_HAND_OVER
 */
export async function leaveChat(deps: Deps, chatId: string, userId: string): Promise<void> {
  const { member } = await loadMembership(deps.db, chatId, userId)
  if (member.role === 'owner') return leaveAlone(deps, chatId, userId)
  const departure = await deps.db.transaction(async (tx) => {
    const membership = await lockMembership(tx, chatId, userId)
    allow(membership, { do: 'leave' })
    const actor = await requireUser(tx, userId)
    return depart(tx, membership, userId, { event: 'member.left', actor })
  })
  await tell(deps, chatId, userId, 'left', departure)
}

/**
 * Put somebody else out of a chat. The invitations that they made stop working.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function removeMember(
  deps: Deps,
  chatId: string,
  actorId: string,
  userId: string,
): Promise<void> {
  const departure = await deps.db.transaction(async (tx) => {
    const membership = await lockMembership(tx, chatId, actorId)
    const target = await requireMember(tx, chatId, userId)
    allow(membership, { do: 'removeMember', target: target.role })
    await revokeInvitesOf(tx, chatId, userId)
    const [actor, user] = [await requireUser(tx, actorId), await requireUser(tx, userId)]
    return depart(tx, membership, userId, { event: 'member.removed', actor, user })
  })
  await tell(deps, chatId, userId, 'removed', departure)
}

async function depart(
  tx: Transaction,
  { chat, member }: Membership,
  userId: string,
  event: Extract<SystemEvent, { event: 'member.left' | 'member.removed' }>,
): Promise<Departure> {
  await tx
    .delete(chatMembers)
    .where(and(eq(chatMembers.chatId, chat.id), eq(chatMembers.userId, userId)))
  const memberCount = chat.memberCount - 1
  await tx.update(chats).set({ memberCount }).where(eq(chats.id, chat.id))
  const message = await writeSystemMessage(tx, chat.id, member.userId, event)
  return { actor: event.actor, memberCount, message }
}

/** The one who goes is told first, and from then on hears nothing of the chat. */
async function tell(
  { bus, calls }: Deps,
  chatId: string,
  userId: string,
  reason: 'left' | 'removed',
  { actor, memberCount, message }: Departure,
) {
  const closed = { type: 'chat.closed' as const, chatId, reason, actor: actor.displayName }
  bus.publish({ userIds: [userId] }, closed)
  bus.publish({ chatId }, { type: 'member.removed', chatId, userId, memberCount })
  bus.publish({ chatId }, { type: 'message.created', message })
  await calls.chatChanges.removeMember(chatId, userId)
}
