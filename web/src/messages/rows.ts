import type { PendingMessage } from '@beseda/client/timeline'
import type { StoredFile } from '@beseda/protocol/files'
import type { Message, Quote, SystemEvent } from '@beseda/protocol/messages'
import type { UserRef } from '@beseda/protocol/users'

export type MessageRow = {
  kind: 'message'
  key: string
  sender: UserRef | null
  own: boolean
  body: string
  replyTo: Quote | null
  /** None of a message that was deleted. */
  attachments: StoredFile[]
  /** What the server holds; null while it is on its way. */
  message: Message | null
  at: string
  state: 'sent' | 'sending' | 'failed'
  /** Set on own messages. */
  clientId: string | null
  /** Why the server refused it. */
  error: string | null
  /** First and last of a run by one sender. */
  first: boolean
  last: boolean
}

export type SystemRow = {
  kind: 'system'
  key: string
  seq: number
  at: string
  system: SystemEvent
}

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | SystemRow
  | MessageRow

type RowsInput = {
  messages: Message[]
  pending: PendingMessage[]
  self: UserRef
  /** Messages after this `seq` were unread when the chat was opened; null draws no line. */
  unreadAfter: number | null
}

const runGapMs = 5 * 60_000

const localDay = (iso: string) => new Date(iso).toDateString()

function fromMessage(message: Message, self: UserRef): MessageRow | SystemRow {
  const { id, seq, sender, body, createdAt: at, system } = message
  if (system) return { kind: 'system', key: id, seq, at, system }
  const own = sender?.id === self.id
  return {
    kind: 'message',
    // The same key while it is pending and after, so that its row stays.
    key: own && message.clientId ? message.clientId : id,
    sender,
    own,
    body,
    replyTo: message.replyTo,
    attachments: message.deletedAt ? [] : message.attachments,
    message,
    at,
    state: 'sent',
    clientId: own ? message.clientId : null,
    error: null,
    first: true,
    last: true,
  }
}

function fromPending(pending: PendingMessage, self: UserRef): MessageRow {
  const { clientId, body, replyTo, attachments, createdAt: at, status, error } = pending
  const run = { first: true, last: true }
  return {
    kind: 'message',
    key: clientId,
    sender: self,
    own: true,
    body,
    replyTo,
    attachments,
    message: null,
    at,
    state: status,
    clientId,
    error,
    ...run,
  }
}

/** Does `row` go on where `before` left off: same sender, soon after? */
function continues(before: Row | undefined, row: MessageRow): before is MessageRow {
  return (
    before?.kind === 'message' &&
    before.sender?.id === row.sender?.id &&
    Date.parse(row.at) - Date.parse(before.at) < runGapMs
  )
}

/** Everything that a chat's window shows, from top to bottom. */
export function toRows({ messages, pending, self, unreadAfter }: RowsInput): Row[] {
  const rows: Row[] = []
  let day = ''
  // A run that begins later does not show where the unread messages begin.
  let lineDrawn = unreadAfter === null || (messages[0]?.seq ?? 0) > unreadAfter + 1

  const add = (row: MessageRow | SystemRow, isUnread: boolean) => {
    if (localDay(row.at) !== day) {
      day = localDay(row.at)
      rows.push({ kind: 'day', key: `day ${day}`, at: row.at })
    }
    if (isUnread && !lineDrawn) {
      lineDrawn = true
      rows.push({ kind: 'unread', key: 'unread' })
    }
    const before = rows.at(-1)
    if (row.kind === 'message' && continues(before, row)) {
      before.last = false
      row.first = false
    }
    rows.push(row)
  }

  for (const message of messages) {
    const isOwn = message.sender?.id === self.id
    const isUnread = unreadAfter !== null && message.seq > unreadAfter && !isOwn
    add(fromMessage(message, self), isUnread)
  }
  for (const message of pending) add(fromPending(message, self), false)
  return rows
}
