import type { Message } from '@beseda/protocol/messages'
import { defaultPermissions } from '@beseda/protocol/permissions'
import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import { tooMany } from './create.ts'
import { allow, lockMembership, type Membership } from './membership.ts'
import { requireUser, requireUsers } from './people.ts'
import { type ChatRow, chatMembers, chats } from './schema.ts'

/**
 * Add users to a chat and tell everybody in it; those who are members already are left out.
 *
 * @returns the ids of those who were added
 * @throws Refusal NOT_FOUND, FORBIDDEN, VALIDATION, CHAT_FULL
 */
export async function addMembers(
  { db, bus }: Pick<Services, 'db' | 'bus'>,
  chatId: string,
  actorId: string,
  userIds: string[],
): Promise<string[]> {
  const done = await db.transaction(async (tx) => {
    // The chat's row is held, so that the count can't change before the members are in.
    const membership = await lockMembership(tx, chatId, actorId)
    allow(membership, { do: 'addMembers' })
    return writeMembers(tx, membership, userIds)
  })
  if (!done) return []
  const { added, memberCount, message } = done
  bus.publish({ userIds: added }, { type: 'chat.created', chatId })
  bus.publish({ chatId }, { type: 'member.added', chatId, userIds: added, memberCount })
  bus.publish({ chatId }, { type: 'message.created', message })
  return added
}

async function writeMembers(
  tx: Transaction,
  { chat, member }: Membership,
  userIds: string[],
): Promise<{ added: string[]; memberCount: number; message: Message } | undefined> {
  const named = await requireUsers(tx, userIds, 'userIds')
  const present = await tx
    .select({ userId: chatMembers.userId })
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chat.id), inArray(chatMembers.userId, userIds)))
  const isPresent = new Set(present.map((row) => row.userId))
  const newcomers = [...new Map(named.map((user) => [user.id, user])).values()].filter(
    ({ id }) => !isPresent.has(id),
  )
  if (newcomers.length === 0) return undefined
  const added = newcomers.map(({ id }) => id)
  const memberCount = await admit(tx, chat, added, member.userId)
  const actor = await requireUser(tx, member.userId)
  const event = { event: 'member.added' as const, actor, users: newcomers }
  const message = await writeSystemMessage(tx, chat.id, member.userId, event)
  return { added, memberCount, message }
}

/**
 * Let users in who are not members yet. The chat's row must be held.
 *
 * @returns how many members there are now
 * @throws Refusal CHAT_FULL
 */
export async function admit(
  tx: Transaction,
  chat: ChatRow,
  userIds: string[],
  addedBy: string,
): Promise<number> {
  const memberCount = chat.memberCount + userIds.length
  if (memberCount > chat.maxMembers) throw refuse('CHAT_FULL', tooMany(chat.maxMembers))
  const shared = {
    chatId: chat.id,
    role: 'member' as const,
    permissions: defaultPermissions,
    addedBy,
    // What was said before counts as read.
    readSeq: chat.lastSeq,
    joinedAt: new Date(),
  }
  await tx.insert(chatMembers).values(userIds.map((userId) => ({ ...shared, userId })))
  await tx.update(chats).set({ memberCount }).where(eq(chats.id, chat.id))
  return memberCount
}
