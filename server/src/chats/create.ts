import type { createChatBodySchema } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'
import { defaultPermissions, type Role } from '@beseda/protocol/permissions'
import { eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { z } from 'zod'
import type { Rules } from '../administration/rules.ts'
import type { Transaction } from '../db/database.ts'
import { refuse, refuseField } from '../errors.ts'
import { requireOwnPicture } from '../files/store.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import { loadMembership, type Membership } from './membership.ts'
import { requireUser, requireUsers } from './people.ts'
import { chatMembers, chats } from './schema.ts'

type Body = z.output<typeof createChatBodySchema>
type GroupBody = Extract<Body, { type: 'group' | 'channel' }>
type Deps = Pick<Services, 'db' | 'bus' | 'rules'>

/**
 * Get the personal chat of two people, which is the same one every time.
 *
 * @throws Refusal VALIDATION when the other is oneself or nobody
 */
export async function openPersonalChat(
  { db, bus }: Omit<Deps, 'rules'>,
  userId: string,
  otherId: string,
): Promise<Membership & { isNew: boolean }> {
  if (userId === otherId) throw refuseField('userId', 'is yourself')
  const userIds = [userId, otherId].sort()
  const personalKey = userIds.join(':')

  const { chatId, isNew } = await db.transaction(async (tx) => {
    const [found] = await tx
      .select({ id: chats.id })
      .from(chats)
      .where(eq(chats.personalKey, personalKey))
    if (found) return { chatId: found.id, isNew: false }
    await requireUsers(tx, [otherId], 'userId')
    const made = await insertChat(tx, userId, {
      ...{ type: 'personal', personalKey },
      ...{ memberCount: 2, maxMembers: 2 },
    })
    if (made) await insertMembers(tx, made, userIds, () => 'member')
    return { chatId: made, isNew: made !== undefined }
  })

  if (chatId === undefined) return openPersonalChat({ db, bus }, userId, otherId)
  if (isNew) bus.publish({ userIds }, { type: 'chat.created', chatId })
  return { ...(await loadMembership(db, chatId, userId)), isNew }
}

/**
 * Make a group or a channel with its first members.
 *
 * @throws Refusal VALIDATION, CHAT_FULL
 */
export async function createGroup(
  { db, bus, rules }: Deps,
  userId: string,
  body: GroupBody,
): Promise<Membership> {
  const { chatId, userIds, message } = await db.transaction((tx) =>
    writeGroup(tx, rules, userId, body),
  )
  bus.publish({ userIds }, { type: 'chat.created', chatId })
  bus.publish({ chatId }, { type: 'message.created', message })
  return loadMembership(db, chatId, userId)
}

async function writeGroup(
  tx: Transaction,
  rules: Rules,
  userId: string,
  { type, name, description, avatarId, memberIds }: GroupBody,
): Promise<{ chatId: string; userIds: string[]; message: Message }> {
  if (avatarId !== null) await requireOwnPicture(tx, avatarId, userId)
  await requireUsers(tx, memberIds, 'memberIds')
  const actor = await requireUser(tx, userId)
  const userIds = [...new Set([userId, ...memberIds])]
  const maxMembers = await rules.membersMax(tx, type)
  if (userIds.length > maxMembers) throw refuse('CHAT_FULL', tooMany(maxMembers))

  const chatId = await insertChat(tx, userId, {
    type,
    name,
    description,
    avatarId,
    maxMembers,
    memberCount: userIds.length,
  })
  if (chatId === undefined) throw new Error('a group was not inserted')
  await insertMembers(tx, chatId, userIds, (id) => (id === userId ? 'owner' : 'member'))
  const event = { event: 'chat.created' as const, actor, name }
  return { chatId, userIds, message: await writeSystemMessage(tx, chatId, userId, event) }
}

/** What a chat says that holds no more. */
export function tooMany(maxMembers: number): string {
  return `This chat holds ${maxMembers} members at most.`
}

type NewChat = Pick<typeof chats.$inferInsert, 'type' | 'memberCount' | 'maxMembers'> &
  Partial<Pick<typeof chats.$inferInsert, 'name' | 'description' | 'avatarId' | 'personalKey'>>

/** @returns the id, or undefined when somebody else has just made the same personal chat */
async function insertChat(tx: Transaction, createdBy: string, chat: NewChat) {
  const now = new Date()
  const [row] = await tx
    .insert(chats)
    .values({
      ...chat,
      id: v7(),
      createdBy,
      callSettings: { muteAll: false, onlyAdminsCanSpeak: false },
      lastActivityAt: now,
      createdAt: now,
    })
    .onConflictDoNothing({ target: chats.personalKey })
    .returning({ id: chats.id })
  return row?.id
}

async function insertMembers(
  tx: Transaction,
  chatId: string,
  userIds: string[],
  roleOf: (userId: string) => Role,
) {
  const joinedAt = new Date()
  const permissions = defaultPermissions
  await tx
    .insert(chatMembers)
    .values(
      userIds.map((userId) => ({ chatId, userId, role: roleOf(userId), permissions, joinedAt })),
    )
}
