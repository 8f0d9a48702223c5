import type { StoredFile } from '@beseda/protocol/files'
import type { Message } from '@beseda/protocol/messages'
import { v7 as uuid } from 'uuid'
import { makePause } from './backoff.ts'
import type { Rest } from './rest.ts'
import { codeOf, isPassing, retryDelay, within } from './retry.ts'
import { type PendingMessage, quoteOf, settle } from './timeline.ts'
import type { Unsent } from './unsent.ts'

/** How long an answer is waited for: a connection that died says nothing for minutes. */
const patienceMs = 30_000

type OutgoingOptions = {
  rest: Rest
  chatId: string
  /** Keeps over a reload what waits here. */
  unsent: Unsent
  get(): PendingMessage[]
  set(pending: PendingMessage[]): void
  onSent(message: Message): void
}

/** What goes with a message's text. */
export type Carried = { replyTo?: Message; attachments?: StoredFile[] }

/**
 * The messages of a chat that are on their way: sent one at a time, so that
 * they keep the order in which they were written, and again under the same
 * `clientId` until the server has answered.
 */
export function createOutgoing({ rest, chatId, unsent, get, set, onSent }: OutgoingOptions) {
  const pause = makePause()
  let sending = false
  let closed = false

  function drop(gone: PendingMessage[]) {
    if (gone.length === 0) return
    for (const { clientId } of gone) unsent.remove(clientId)
    set(get().filter((message) => !gone.includes(message)))
  }

  const remove = (clientId: string) =>
    drop(get().filter((message) => message.clientId === clientId))

  function change(clientId: string, update: Pick<PendingMessage, 'status' | 'error'>) {
    const found = get().find((message) => message.clientId === clientId)
    if (!found) return
    const changed = { ...found, ...update }
    unsent.put(chatId, changed)
    set(get().map((message) => (message === found ? changed : message)))
  }

  const post = ({ body, clientId, replyTo, attachments }: PendingMessage) =>
    rest.sendMessage(chatId, {
      body,
      clientId,
      ...(replyTo && { replyToId: replyTo.id }),
      ...(attachments.length > 0 && { fileIds: attachments.map(({ id }) => id) }),
    })

  function refused(clientId: string, error: unknown) {
    const code = codeOf(error)
    // The chat is gone, for this user at least, and what was meant for it goes with it.
    if (code === 'NOT_FOUND') remove(clientId)
    else change(clientId, { status: 'failed', error: code })
  }

  async function drain() {
    if (sending) return
    sending = true
    for (let attempt = 0; !closed; ) {
      const next = get().find((message) => message.status === 'sending')
      if (!next) break
      try {
        const message = await within(patienceMs, post(next))
        if (closed) break
        attempt = 0
        onSent(message)
        remove(next.clientId)
      } catch (error) {
        // What was thrown may be the end of the session: then it waits for the next one.
        if (closed) break
        if (isPassing(error)) await pause.wait(retryDelay(error, attempt++))
        else refused(next.clientId, error)
      }
    }
    sending = false
  }

  return {
    send(body: string, { replyTo, attachments = [] }: Carried = {}): string {
      const message: PendingMessage = {
        clientId: uuid(),
        body,
        replyTo: replyTo ? quoteOf(replyTo) : null,
        attachments,
        createdAt: new Date().toISOString(),
        status: 'sending',
        error: null,
      }
      if (!closed) unsent.put(chatId, message)
      set([...get(), message])
      void drain()
      return message.clientId
    },
    /** Put what an earlier visit, or another tab, left unsent among the rest. */
    restore(kept: PendingMessage[]) {
      const known = new Set(get().map(({ clientId }) => clientId))
      const added = kept.filter(({ clientId }) => !known.has(clientId))
      // The ids are UUIDv7: their order is that of writing.
      const byAge = (a: PendingMessage, b: PendingMessage) => (a.clientId < b.clientId ? -1 : 1)
      if (added.length > 0) set([...get(), ...added].sort(byAge))
      void drain()
    },
    retry(clientId: string) {
      change(clientId, { status: 'sending', error: null })
      void drain()
    },
    discard: remove,
    /** Messages that arrived wait no longer. */
    settle(arrived: Message[]) {
      const left = settle(get(), arrived)
      drop(get().filter((message) => !left.includes(message)))
    },
    /** The server is there again: try at once. */
    wake: pause.cut,
    /** The chat is gone: so is what was meant for it. */
    forget: () => drop(get()),
    /** Send nothing more. */
    close() {
      closed = true
      pause.cut()
    },
  }
}
