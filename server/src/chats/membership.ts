import { type Action, can } from '@beseda/protocol/permissions'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { prepared } from '../db/prepared.ts'
import { refuse } from '../errors.ts'
import { type UserRow, users } from '../users/schema.ts'
import { type ChatRow, chatMembers, chats, type MemberRow } from './schema.ts'

/** A chat, and the one who acts as its member. */
export type Membership = { chat: ChatRow; member: MemberRow }

/** The same, with what others see of the one who acts. */
export type Actor = Membership & {
  user: Pick<UserRow, 'id' | 'username' | 'displayName' | 'avatarId'>
}

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
  const [row] = await membershipStatement(db).execute({ chatId, userId })
  return requireFound(row)
}

/**
 * The same with the user.
 *
 * @throws Refusal NOT_FOUND, also when the account is disabled
 */
export async function loadActor(
  db: Database | Transaction,
  chatId: string,
  userId: string,
): Promise<Actor> {
  const [row] = await actorStatement(db).execute({ chatId, userId })
  return requireFound(row)
}

/**
 * A membership whose rows, both, are held until the transaction ends: the chat's first, so
 * that whoever waited for it decides on the member's role as it is by then.
 */
export async function lockMembership(
  tx: Transaction,
  chatId: string,
  userId: string,
): Promise<Membership> {
  const [row] = await lockStatement(tx).execute({ chatId, userId })
  return requireFound(row)
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

const membershipStatement = prepared((db) => membershipQuery(db).prepare('load_membership'))

const lockStatement = prepared((db) =>
  membershipQuery(db)
    .for('update', { of: [chats, chatMembers] })
    .prepare('lock_membership'),
)

function membershipQuery(db: Database | Transaction) {
  const userId = sql.placeholder('userId')
  return db
    .select({ chat: chats, member: chatMembers })
    .from(chats)
    .innerJoin(chatMembers, and(eq(chatMembers.chatId, chats.id), eq(chatMembers.userId, userId)))
    .where(eq(chats.id, sql.placeholder('chatId')))
}

const actorStatement = prepared((db) => {
  const { id, username, displayName, avatarId } = users
  return db
    .select({ chat: chats, member: chatMembers, user: { id, username, displayName, avatarId } })
    .from(chats)
    .innerJoin(chatMembers, eq(chatMembers.chatId, chats.id))
    .innerJoin(users, and(eq(users.id, chatMembers.userId), isNull(users.disabledAt)))
    .where(and(eq(chats.id, sql.placeholder('chatId')), eq(users.id, sql.placeholder('userId'))))
    .prepare('load_actor')
})

function requireFound<Row extends Membership>(row: Row | undefined): Row {
  if (!row) throw refuse('NOT_FOUND', 'There is no such chat.')
  return row
}
