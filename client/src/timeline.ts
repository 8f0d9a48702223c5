import type { BesedaEvent } from '@beseda/protocol/events'
import type { StoredFile } from '@beseda/protocol/files'
import type { Message, Quote } from '@beseda/protocol/messages'

/** A message on its way: shown at once, matched to the real one by `clientId`. */
export type PendingMessage = {
  clientId: string
  body: string
  replyTo: Quote | null
  /** Uploaded already. */
  attachments: StoredFile[]
  createdAt: string
  /** `failed` was refused by the server and waits for the sender's word. */
  status: 'sending' | 'failed'
  /** Why it was refused. */
  error: string | null
}

/**
 * What one chat's window holds: an unbroken run of messages, up to the newest
 * unless the reader has jumped back, then the pending ones.
 */
export type TimelineState = {
  status: 'loading' | 'ready' | 'failed'
  /** Ascending by `seq`, without gaps. */
  messages: Message[]
  pending: PendingMessage[]
  hasOlder: boolean
  loadingOlder: boolean
  /** The run ends before the newest message. */
  hasNewer: boolean
  loadingNewer: boolean
}

export const emptyTimeline: TimelineState = {
  status: 'loading',
  messages: [],
  pending: [],
  hasOlder: false,
  loadingOlder: false,
  hasNewer: false,
  loadingNewer: false,
}

/** The run of a window and whether the chat goes on beyond its ends. */
export type Run = Pick<TimelineState, 'messages' | 'hasOlder' | 'hasNewer'>

/** How many messages a window holds before it lets go of those farthest from the reader. */
export const heldMax = 500

/** A run of its own, in a chat whose newest message is `head`. */
export function runOf(messages: Message[], head: number): Run {
  return { messages, hasOlder: goesBack(messages), hasNewer: newestOf(messages) < head }
}

/** `seq` of the newest message of a run; 0 while there is none. */
export const newestOf = (messages: Message[]): number => messages.at(-1)?.seq ?? 0

const goesBack = (messages: Message[]) => (messages[0]?.seq ?? 1) > 1

/**
 * Put messages into the run. Those that are there already are replaced; a
 * message beyond a gap is left out and named, so that the caller fetches what
 * lies between.
 */
export function merge(
  messages: Message[],
  arrived: Message[],
): { messages: Message[]; gapAfter: number | null } {
  const next = newestOf(messages) + 1
  // The usual case needs no sorting.
  if (messages.length > 0 && arrived.every(({ seq }, index) => seq === next + index)) {
    return { messages: [...messages, ...arrived], gapAfter: null }
  }
  const first = messages[0]?.seq ?? arrived[0]?.seq ?? 0
  const bySeq = new Map(messages.map((message) => [message.seq, message]))
  for (const message of arrived) bySeq.set(message.seq, message)
  const sorted = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const anchor = sorted.findIndex((message) => message.seq === first)
  let start = anchor
  while (start > 0 && sorted[start - 1]?.seq === (sorted[start]?.seq ?? 0) - 1) start--
  let end = anchor
  while (end + 1 < sorted.length && sorted[end + 1]?.seq === (sorted[end]?.seq ?? 0) + 1) end++
  const beyond = end + 1 < sorted.length
  return {
    messages: sorted.slice(Math.max(start, 0), end + 1),
    gapAfter: beyond ? (sorted[end]?.seq ?? null) : null,
  }
}

/** A page of older messages before the run; what is too much goes at the newer end. */
export function withOlder({ messages: held, hasNewer }: Run, page: Message[]): Run {
  const { messages } = merge(held, page)
  const kept = messages.slice(0, heldMax)
  return {
    messages: kept,
    hasOlder: goesBack(kept),
    hasNewer: hasNewer || kept.length < messages.length,
  }
}

/** A page of newer messages after the run, in a chat whose newest is `head`; what is too much goes at the older end. */
export function withNewer({ messages: held }: Run, page: Message[], head: number): Run {
  return runOf(merge(held, page).messages.slice(-heldMax), head)
}

/**
 * Messages that were just written. One that is held already stays as it is: a
 * page may have brought it with what happened to it since. Too much goes at the
 * older end while the reader follows the newest message; a reader who looks at
 * something else keeps it, and past twice the measure the run ends here.
 */
export function withArrived(
  run: Run,
  arrived: Message[],
  { follows, head }: { follows: boolean; head: number },
): Run & { gapAfter: number | null } {
  const isHeld = ({ seq }: Message) =>
    seq >= (run.messages[0]?.seq ?? seq + 1) && seq <= newestOf(run.messages)
  const { messages, gapAfter } = merge(
    run.messages,
    arrived.filter((message) => !isHeld(message)),
  )
  const kept = follows ? messages.slice(-heldMax) : messages.slice(0, heldMax * 2)
  const ended = run.hasNewer || newestOf(kept) < newestOf(messages)
  return {
    messages: kept,
    hasOlder: goesBack(kept),
    hasNewer: ended && newestOf(kept) < head,
    gapAfter,
  }
}

/** The held messages as a page has them now; the page brings no others. */
export function renewed(messages: Message[], page: Message[]): Message[] {
  const bySeq = new Map(page.map((message) => [message.seq, message]))
  return messages.map((message) => bySeq.get(message.seq) ?? message)
}

/** Drop the pending messages that have arrived. */
export function settle(pending: PendingMessage[], arrived: Message[]): PendingMessage[] {
  const known = new Set(arrived.map((message) => message.clientId))
  const left = pending.filter((message) => !known.has(message.clientId))
  return left.length === pending.length ? pending : left
}

/** How much of a message a reply quotes, in UTF-16 code units. */
const excerptLength = 120

/** What a reply to this message quotes. */
export function quoteOf(message: Message): Quote {
  const { id, seq, sender, body, attachments } = message
  const attachment = attachments[0]?.kind ?? null
  return { id, seq, sender, excerpt: body.slice(0, excerptLength), attachment }
}

/** Put what was edited, deleted or pinned in the place of what was there, in quotes too. */
export function replaceMessage(
  messages: Message[],
  changed: Extract<BesedaEvent, { type: 'message.updated' }>['message'],
): Message[] {
  const excerpt = changed.body.slice(0, excerptLength)
  const attachment = changed.attachments[0]?.kind ?? null
  return messages.map((message) => {
    if (message.id === changed.id) {
      return { ...message, ...changed, reactions: changed.deletedAt ? [] : message.reactions }
    }
    if (message.replyTo?.id !== changed.id) return message
    return { ...message, replyTo: { ...message.replyTo, excerpt, attachment } }
  })
}

/** Somebody's reaction to a message, put there or taken off. */
export type ReactionChange = {
  emoji: string
  on: boolean
  own: boolean
  /** How many there are after it, where the server said so. */
  count?: number
}

/** One person's reaction put on a message or taken off; it counts once however often it is told. */
export function withReaction(message: Message, change: ReactionChange): Message {
  const { emoji, on, own } = change
  const before = message.reactions.find((reaction) => reaction.emoji === emoji)
  const isKnown = own && (before?.mine ?? false) === on
  const step = isKnown ? 0 : on ? 1 : -1
  const count = change.count ?? (before?.count ?? 0) + step
  const mine = own ? on : (before?.mine ?? false)
  const after = { emoji, count, mine }
  const reactions = before
    ? message.reactions.map((reaction) => (reaction === before ? after : reaction))
    : [...message.reactions, after]
  return { ...message, reactions: reactions.filter((reaction) => reaction.count > 0) }
}
