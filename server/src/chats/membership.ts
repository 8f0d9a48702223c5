import { type Action, can } from '@beseda/protocol/permissions'
import { and, eq } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { type ChatRow, chatMembers, chats, type MemberRow } from './schema.ts'

/** A chat, and the one who acts as its member. */
export type Membership = { chat: ChatRow; member: MemberRow }

/**
 * Load a chat for one of its members.
 *
 * @throws Refusal NOT_FOUND when there is no such chat or the user is not in it
 */
export async function loadMembership(
  db: Database | Transaction,
  chatId: string,
  userId: string,
): Promise<Membership> {
  const [row] = await membershipQuery(db, chatId, userId)
  return found(row)
}

/**
 * The same, and holds both rows until the transaction ends: the chat's first, so
 * that whoever waited for it decides on the member's role as it is by then.
 */
export async function lockMembership(
  tx: Transaction,
  chatId: string,
  userId: string,
): Promise<Membership> {
  const [row] = await membershipQuery(tx, chatId, userId).for('update', {
    of: [chats, chatMembers],
  })
  return found(row)
}

/**
 * Go on with a membership that lets its member do that.
 *
 * @throws Refusal FORBIDDEN when the rules do not
 */
export function allow(membership: Membership, action: Action): Membership {
  const { chat, member } = membership
  if (!can(member, chat, action)) throw refuse('FORBIDDEN', 'You may not do this in this chat.')
  return membership
}

/** Another member of a chat whose row is held. */
export async function findMember(
  tx: Transaction,
  chatId: string,
  userId: string,
): Promise<MemberRow | undefined> {
  const [member] = await tx
    .select()
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
  return member
}

/** @throws Refusal NOT_FOUND when the user is not a member */
export async function requireMember(
  tx: Transaction,
  chatId: string,
  userId: string,
): Promise<MemberRow> {
  const member = await findMember(tx, chatId, userId)
  if (!member) throw refuse('NOT_FOUND', 'There is no such member.')
  return member
}

function membershipQuery(db: Database | Transaction, chatId: string, userId: string) {
  return db
    .select({ chat: chats, member: chatMembers })
    .from(chats)
    .innerJoin(chatMembers, and(eq(chatMembers.chatId, chats.id), eq(chatMembers.userId, userId)))
    .where(eq(chats.id, chatId))
}

function found(row: Membership | undefined): Membership {
  if (!row) throw refuse('NOT_FOUND', 'There is no such chat.')
  return row
}
