import type { Chat } from '@beseda/protocol/chats'
import type { Message, SystemEvent } from '@beseda/protocol/messages'

/**
 * Why something may be told of: `call` rings now, `missed` is one that nobody answered, `other` a
 * message of a group that names nobody in particular.
 */
export type Reason = 'mention' | 'reply' | 'personal' | 'call' | 'missed' | 'other'

/** Who looks at Beseda: this tab, another tab of this browser, or nobody. */
export type Looking = 'here' | 'elsewhere' | 'nobody'

type Situation = {
  reason: Reason
  /** The user does not want to be disturbed. */
  dnd: boolean
  /** The user muted the chat. */
  muted: boolean
  looking: Looking
  /** The chat is the open one of this tab. */
  open: boolean
  /** The browser's notifications are wanted and allowed. */
  browser: boolean
  /** Sounds are wanted. */
  sound: boolean
}

/** How it is told: a banner in the page, a notification of the browser, a sound. */
export type Telling = { banner: boolean; browser: boolean; sound: boolean }

const nothing: Telling = { banner: false, browser: false, sound: false }

/**
 * How to tell of a message or a call. Do-not-disturb silences everything, a muted
 * chat everything but mentions; the title and the icon count what is missed in any
 * case. A call that rings here shows and sounds by itself, and one that was missed has sounded.
 */
export function shouldNotify(situation: Situation): Telling {
  const { reason, dnd, muted, looking, open, browser, sound } = situation
  if (dnd || (muted && reason !== 'mention') || looking === 'elsewhere') return nothing
  const heard = reason !== 'call' && reason !== 'missed' && sound
  if (looking === 'here') {
    const told = reason !== 'call' && !open
    return { banner: told, browser: false, sound: told && heard }
  }
  const direct = reason !== 'other'
  return { banner: false, browser: direct && browser, sound: direct && heard }
}

/** Why a message may concern the user; null for an own one and for most of the system's. */
export function reasonOf(message: Message, chat: Chat, selfId: string): Reason | null {
  if (message.sender === null || message.sender.id === selfId) return null
  if (message.system) return isMissed(message.system, chat, selfId) ? 'missed' : null
  if (chat.type === 'personal') return 'personal'
  if (message.mentions.includes(selfId)) return 'mention'
  return message.replyTo?.sender?.id === selfId ? 'reply' : 'other'
}

/** A call of somebody else's that nobody answered; who declined one of a group has not missed it. */
export function isMissed(system: SystemEvent, { call }: Chat, selfId: string): boolean {
  if (system.event !== 'call.ended' || system.outcome !== 'missed') return false
  if (system.actor.id === selfId) return false
  return call?.id !== system.callId || !call.declined.includes(selfId)
}

/** How many missed messages the title and the icon count: of a muted chat only those that mention the user. */
export function countMissed(chats: readonly Chat[]): number {
  return chats.reduce(
    (sum, { self, unreadCount, mentionCount }) => sum + (self.muted ? mentionCount : unreadCount),
    0,
  )
}
