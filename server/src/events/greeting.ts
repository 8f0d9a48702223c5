import { type BesedaEvent, replayedMessagesMax, type UpFrame } from '@beseda/protocol/events'
import { isSessionOpen } from '../auth/sessions.ts'
import type { Tokens } from '../auth/tokens.ts'
import { chatHeads, chatIdsOf } from '../chats/store.ts'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { newer } from '../messages/history.ts'

type Hello = Extract<UpFrame, { type: 'hello' }>

/**
 * Who says hello.
 *
 * @throws Refusal when the token is not good or its session has ended
 */
export async function identify(
  { db, tokens }: { db: Database; tokens: Tokens },
  { token }: Hello,
): Promise<{ userId: string; sessionId: string }> {
  const { sub: userId, sid: sessionId } = tokens.readAccess(token)
  if (!(await isSessionOpen(db, sessionId))) throw refuse('SESSION_REVOKED', 'Sign in again.')
  return { userId, sessionId }
}

type Greeting = {
  join: (chatId: string) => void
  leave: (chatId: string) => void
  send: (event: BesedaEvent) => Promise<void>
}

/**
 * What a client gets after its hello: the messages that it missed, chat by
 * chat, then `ready`. The chats must be joined first, so that what is written
 * meanwhile reaches the socket by the hub. `send` resolves when the bytes are out.
 */
export async function catchUp(
  db: Database,
  { userId, seqs = {} }: { userId: string; seqs?: Hello['seqs'] },
  { join, leave, send }: Greeting,
): Promise<BesedaEvent> {
  const joined = await chatIdsOf(db, userId)
  for (const chatId of joined) join(chatId)
  const heads = await chatHeads(db, userId)
  // Who was removed between the two questions was told before the chat was joined.
  for (const chatId of joined) if (!heads.has(chatId)) leave(chatId)
  for (const [chatId, head] of heads) {
    const held = seqs[chatId]
    if (held === undefined || held >= head) continue
    for (const message of await newer(
      db,
      { chatId, readerId: userId },
      held,
      replayedMessagesMax,
    )) {
      await send({ type: 'message.created', message })
    }
  }
  return { type: 'ready', userId, heads: Object.fromEntries(heads) }
}
