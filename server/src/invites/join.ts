import type { InvitePreview } from '@beseda/protocol/invites'
import type { Message } from '@beseda/protocol/messages'
import { and, eq, sql } from 'drizzle-orm'
import { admit } from '../chats/members.ts'
import { findMember, loadMembership, type Membership } from '../chats/membership.ts'
import { requireUser } from '../chats/people.ts'
import { chatMembers, chats } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { type FileRow, files } from '../files/schema.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import { invites } from './schema.ts'
import { requireInvite, requireWorking } from './store.ts'

/**
 * What a link leads to. Whoever is in the chat already sees it also when the
 * link works no longer.
 *
 * @param userId null for somebody who is not signed in
 * @throws Refusal NOT_FOUND, INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP
 */
export async function previewInvite(
  db: Database,
  code: string,
  userId: string | null,
): Promise<InvitePreview> {
  const { invite, createdBy } = await requireInvite(db, code)
  const isIn = userId !== null && (await isMember(db, invite.chatId, userId))
  if (!isIn) requireWorking(invite)
  const [chat] = await db.select().from(chats).where(eq(chats.id, invite.chatId))
  if (!chat) throw refuse('NOT_FOUND', 'There is no such invitation.')
  const { type, name, description, avatarId, memberCount } = chat
  return {
    code,
    chat: { type, name: name ?? '', description, avatarId, memberCount },
    invitedBy: createdBy.displayName,
    expiresAt: invite.expiresAt?.toISOString() ?? null,
    memberOf: isIn ? chat.id : null,
  }
}

/**
 * The picture of the chat that a link leads to, for whoever has the link.
 *
 * @throws Refusal NOT_FOUND, INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP
 */
export async function requireInvitePicture(db: Database, code: string): Promise<FileRow> {
  const { invite } = await requireInvite(db, code)
  requireWorking(invite)
  const [row] = await db
    .select({ file: files })
    .from(chats)
    .innerJoin(files, eq(files.id, chats.avatarId))
    .where(eq(chats.id, invite.chatId))
  if (!row) throw refuse('NOT_FOUND', 'The chat has no picture.')
  return row.file
}

/**
 * Come into a chat by a link. Whoever is in it already uses nothing up.
 *
 * @throws Refusal NOT_FOUND, INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP, CHAT_FULL
 */
export async function joinByInvite(
  { db, bus }: Pick<Services, 'db' | 'bus'>,
  code: string,
  userId: string,
): Promise<Membership> {
  const joined = await db.transaction((tx) => writeJoin(tx, code, userId))
  tellJoined(bus, joined, userId)
  return joined.membership
}

/** What a join wrote, to be told of after the commit; no message for whoever was in already. */
export type Join = { membership: Membership; message: Message | null }

/** Tell everybody in the chat, and the devices of whoever came. */
export function tellJoined(bus: Bus, { membership, message }: Join, userId: string): void {
  if (!message) return
  const { id: chatId, memberCount } = membership.chat
  bus.publish({ userIds: [userId] }, { type: 'chat.created', chatId })
  bus.publish({ chatId }, { type: 'member.added', chatId, userIds: [userId], memberCount })
  bus.publish({ chatId }, { type: 'message.created', message })
}

/**
 * The same inside a transaction; `tellJoined` follows its commit.
 *
 * @throws Refusal as `joinByInvite`
 */
export async function writeJoin(tx: Transaction, code: string, userId: string): Promise<Join> {
  const { chatId } = (await requireInvite(tx, code)).invite
  // With the chat's row held neither its members nor its invitations change.
  const [chat] = await tx.select().from(chats).where(eq(chats.id, chatId)).for('update')
  if (!chat) throw refuse('NOT_FOUND', 'There is no such invitation.')
  const { invite } = await requireInvite(tx, code)
  if (await findMember(tx, chatId, userId)) {
    return { membership: await loadMembership(tx, chatId, userId), message: null }
  }
  requireWorking(invite)
  await admit(tx, chat, [userId], invite.createdBy)
  await tx
    .update(invites)
    .set({ uses: sql`${invites.uses} + 1` })
    .where(eq(invites.code, code))
  const event = { event: 'member.joined' as const, actor: await requireUser(tx, userId) }
  const message = await writeSystemMessage(tx, chatId, userId, event)
  return { membership: await loadMembership(tx, chatId, userId), message }
}

async function isMember(db: Database, chatId: string, userId: string): Promise<boolean> {
  const rows = await db
    .select({ userId: chatMembers.userId })
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
  return rows.length > 0
}
