import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { chatSchema } from '@beseda/protocol/chats'
import type pg from 'pg'
import { v7 as uuid } from 'uuid'
import type { Child } from './child.ts'
import type { Listeners } from './listeners.ts'

/** Somebody who is signed in. */
export type Face = { userId: string; token: string }

/** What the server must be given to believe the tokens. */
export const jwtSecret = 'only for benchmarks, only for benchmarks'
/** Seconds that the tokens live. */
const tokenSeconds = 3_600
/** Without a frame for so long everything that a change of the scene caused has been said, in ms. */
const calmMs = 1_000

/**
 * Write accounts and open sessions into the database, as registering and
 * hashing a password each would take minutes. They can't sign in again.
 */
export async function writeCrowd(client: pg.Client, size: number): Promise<Face[]> {
  const people = Array.from({ length: size }, (_, index) => ({
    userId: uuid(),
    sessionId: uuid(),
    name: `face${index}`,
  }))
  const columns = [
    people.map(({ userId }) => userId),
    people.map(({ sessionId }) => sessionId),
    people.map(({ name }) => name),
  ]
  await client.query(
    `INSERT INTO users (id, username, password_hash, display_name, search_text, created_at)
     SELECT id, name, '', name, name, now() FROM unnest($1::uuid[], $2::text[]) AS given (id, name)`,
    [columns[0], columns[2]],
  )
  await client.query(
    `INSERT INTO sessions (id, user_id, token_hash, rotated_at, expires_at, created_at)
     SELECT id, user_id, '', now(), now() + interval '1 day', now()
     FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)`,
    [columns[0], columns[1]],
  )
  return people.map(({ userId, sessionId }) => ({
    userId,
    token: signToken({ sub: userId, sid: sessionId, aud: 'api' }),
  }))
}

/** Make a chat of them all; the first one owns it. Answers its id. */
export async function makeRoom(
  client: pg.Client,
  url: string,
  type: 'group' | 'channel',
  [owner, ...others]: readonly Face[],
): Promise<string> {
  const created = await fetch(`${url}/api/chats`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner?.token}` },
    body: JSON.stringify({ type, name: 'Benchmark', memberIds: [] }),
  })
  const { id } = chatSchema.parse(await created.json())
  await fillRoom(client, id, others)
  return id
}

/** Make them ordinary members of a chat that exists. */
async function fillRoom(client: pg.Client, chatId: string, faces: readonly Face[]) {
  await client.query(
    `INSERT INTO chat_members (chat_id, user_id, role, permissions, joined_at)
     SELECT chat_id, given.user_id, 'member', permissions, now()
     FROM chat_members, unnest($2::uuid[]) AS given (user_id)
     WHERE chat_id = $1 AND role = 'owner'`,
    [chatId, faces.map(({ userId }) => userId)],
  )
  await client.query('UPDATE chats SET member_count = member_count + $2 WHERE id = $1', [
    chatId,
    faces.length,
  ])
}

/** Open an event socket for each; resolves when all have said hello and heard that they are in. */
export function openEventSockets(
  listeners: Child<Listeners>,
  url: string,
  faces: readonly Face[],
): Promise<void> {
  return listeners.ask('open', {
    port: Number(new URL(url).port),
    manners: { path: '/api/ws', replies: [], welcome: '{"type":"ready"' },
    hellos: faces.map(({ token }) => JSON.stringify({ type: 'hello', token })),
  })
}

/** Wait until the sockets hear nothing more. */
export async function untilCalm(listeners: Child<Listeners>): Promise<void> {
  while ((await listeners.ask('silence')) < calmMs) await pause(calmMs / 4)
}

/** An access token as the server signs it: HS256. */
function signToken(claims: object): string {
  const iat = Math.floor(Date.now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, iat, exp: iat + tokenSeconds })}`
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`
}
