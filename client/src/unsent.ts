import { fileSchema } from '@beseda/protocol/files'
import { quoteSchema } from '@beseda/protocol/messages'
import { z } from 'zod'
import type { PendingMessage } from './timeline.ts'

/**
 * Where messages that were not sent yet are kept, each user's apart. It answers
 * at once: a message is kept before its send begins.
 */
export type UnsentStorage = {
  /** Everything that is kept for this user. */
  get(userId: string): string[]
  set(userId: string, key: string, value: string): void
  remove(userId: string, key: string): void
  clear(userId: string): void
}

const keptSchema = z.object({
  chatId: z.uuid(),
  clientId: z.uuid(),
  body: z.string(),
  replyTo: quoteSchema.nullable(),
  attachments: z.array(fileSchema),
  createdAt: z.iso.datetime(),
  status: z.enum(['sending', 'failed']),
  error: z.string().nullable(),
})

/** One user's unsent messages. */
export type Unsent = {
  put(chatId: string, message: PendingMessage): void
  remove(clientId: string): void
  /** All of them, by chat. */
  byChat(): Map<string, PendingMessage[]>
  /** Forget them. */
  clear(): void
}

/** The unsent messages of a user in `storage`. */
export function openUnsent(storage: UnsentStorage, userId: string): Unsent {
  return {
    put: (chatId, message) =>
      storage.set(userId, message.clientId, JSON.stringify({ chatId, ...message })),
    remove: (clientId) => storage.remove(userId, clientId),
    byChat() {
      const chats = new Map<string, PendingMessage[]>()
      for (const { chatId, ...message } of storage.get(userId).flatMap(parse)) {
        chats.set(chatId, [...(chats.get(chatId) ?? []), message])
      }
      return chats
    },
    clear: () => storage.clear(userId),
  }
}

/** What an older version of the page has written, and this one can't read, is none. */
function parse(text: string): z.output<typeof keptSchema>[] {
  try {
    return [keptSchema.parse(JSON.parse(text))]
  } catch {
    return []
  }
}

/** Keeps them for as long as the process lives. */
export function makeUnsentMemory(): UnsentStorage {
  const users = new Map<string, Map<string, string>>()
  return {
    get: (userId) => [...(users.get(userId)?.values() ?? [])],
    set(userId, key, value) {
      const kept = users.get(userId) ?? new Map<string, string>()
      users.set(userId, kept.set(key, value))
    },
    remove: (userId, key) => void users.get(userId)?.delete(key),
    clear: (userId) => void users.delete(userId),
  }
}
