import type { CallState } from '@beseda/client/calls/state'
import type { Client } from '@beseda/client/client'
import type { Chat } from '@beseda/protocol/chats'
import { can, type Role } from '@beseda/protocol/permissions'
import type { Peer } from '@beseda/protocol/signalling'
import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import { useAttempt } from '../shell/attempt.ts'
import { fromStore } from '../shell/client.tsx'

export type Moderation = ReturnType<typeof createModeration>

/** The other leaders of a chat: lists of members begin with them. */
async function fetchLeaders({ rest }: Client, chatId: string): Promise<Map<string, Role>> {
  const leaders = new Map<string, Role>()
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await rest.members(chatId, { limit: 50, ...(cursor && { cursor }) })
    for (const { user, role } of page.items) if (role !== 'member') leaders.set(user.id, role)
    cursor = page.items.at(-1)?.role === 'member' ? null : page.nextCursor
  }
  return leaders
}

/** What this user may do to the others in the call, and does. */
export function createModeration(
  client: Client,
  state: Accessor<CallState>,
  chat: Accessor<Chat | undefined>,
) {
  const { rest } = client
  const attempt = useAttempt()
  const [leaders, setLeaders] = createSignal<ReadonlyMap<string, Role> | null>(null)
  const [removing, setRemoving] = createSignal<Peer | null>(null)
  const memberEvent = fromStore(client.chats.memberEvent)
  const callId = () => state().call.id

  /** Whether there is anybody whom this user may moderate at all. */
  const leads = createMemo(() => {
    const open = chat()
    return open !== undefined && can(open.self, open, { do: 'mutePeer', target: 'member' })
  })
  createEffect(
    on([leads, () => chat()?.id, memberEvent], ([isLeader, chatId]) => {
      if (!isLeader || chatId === undefined) return
      // Until it is known who leads, nothing is offered; the server judges anyway.
      fetchLeaders(client, chatId).then(setLeaders, () => {})
    }),
  )
  const may = (what: 'mutePeer' | 'removePeer' | 'allowToSpeak', userId: string) => {
    const [open, known] = [chat(), leaders()]
    if (!open || !known || !leads()) return false
    return can(open.self, open, { do: what, target: known.get(userId) ?? 'member' })
  }
  return {
    leads,
    may,
    mute: (userId: string) => attempt(() => rest.updateCallPeer(callId(), userId, { muted: true })),
    /** Let speak for the rest of the call, or no longer. */
    letSpeak: (userId: string, canSpeak: boolean) =>
      attempt(() => rest.updateCallPeer(callId(), userId, { canSpeak })),
    /** Whether not everybody may speak here, so that it takes somebody's leave. */
    restricted: () => {
      const open = chat()
      const rules = open?.callSettings
      return open?.type === 'channel' || rules?.muteAll || rules?.onlyAdminsCanSpeak || false
    },
    /** Who is to be removed, once that is confirmed. */
    removing,
    askRemove: setRemoving,
    remove: (userId: string) => attempt(() => rest.removeCallPeer(callId(), userId)),
  }
}
