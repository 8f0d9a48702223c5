import { isDeepStrictEqual } from 'node:util'
import { sourceSchema } from '@beseda/protocol/media'
import { type Actor, type ChatRules, can } from '@beseda/protocol/permissions'
import type { SfuCommand } from '@beseda/protocol/redis'
import { and, eq, inArray } from 'drizzle-orm'
import type { Logger } from 'pino'
import { chatMembers, chats } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import type { CallControl } from './control.ts'
import type { CallSnapshot, CallState } from './snapshot.ts'
import type { CallStates } from './state.ts'

type Deps = {
  db: Database
  states: CallStates
  control: CallControl
  log: Logger
  now: () => number
}

export type ChatChanges = ReturnType<typeof makeChatChanges>

/** What a change in a chat means for the call that is on there. */
export function makeChatChanges({ db, states, control, log, now }: Deps) {
  async function running(chatId: string): Promise<CallState | undefined> {
    return (await states.currentOfChats([chatId])).get(chatId)?.state
  }

  /** The change is committed already: a command that does not get out must not fail it. */
  async function command(
    chatId: string,
    make: (callId: string) => SfuCommand[] | Promise<SfuCommand[]>,
  ) {
    try {
      const call = await running(chatId)
      if (!call) return
      const commands = await make(call.id)
      await Promise.all(commands.map((what) => control.command(call.node, what)))
    } catch (error) {
      log.error({ err: error, chatId }, 'a call could not be told of a change in its chat')
    }
  }

  /** What members may publish in the call now: these, or all. */
  async function loadRights(callId: string, chatId: string, userIds?: string[]) {
    const granted = await states.granted(callId)
    const rows = await db
      .select({ chat: chats, member: chatMembers })
      .from(chatMembers)
      .innerJoin(chats, eq(chats.id, chatMembers.chatId))
      .where(and(eq(chatMembers.chatId, chatId), userIds && inArray(chatMembers.userId, userIds)))
    return new Map(
      rows.map(({ chat, member }) => [
        member.userId,
        publishable(member, chat, granted.has(member.userId)),
      ]),
    )
  }

  return {
    isOn: async (chatId: string) => (await running(chatId)) !== undefined,

    /** End the call, if there is one. */
    async end(chatId: string): Promise<void> {
      const call = await running(chatId)
      if (call) await control.end(call, 'ended')
    },

    /** Put somebody out who is no longer a member. */
    removeMember: (chatId: string, userId: string): Promise<void> =>
      command(chatId, (callId) => [
        { type: 'remove', callId, userId, reason: 'removed', at: now() },
      ]),

    /** Say what members may publish from now on: these, or all. */
    refreshRights: (chatId: string, userIds?: string[]): Promise<void> =>
      command(chatId, async (callId) => {
        const at = now()
        const rights = await loadRights(callId, chatId, userIds)
        return [...rights].map(([userId, publish]) => {
          return { type: 'rights', callId, userId, publish, lowerHand: false, at }
        })
      }),

    /**
     * Compare who is in the call, and what they may do there, with the chat; say again what differs.
     * A server that died between writing a change and telling it left such a difference.
     */
    async putRight({ state, peers }: CallSnapshot): Promise<void> {
      if (peers.length === 0) return
      const at = now()
      const { id: callId, chatId, node } = state
      const userIds = peers.map(({ userId }) => userId)
      const rights = await loadRights(callId, chatId, userIds)
      for (const { userId, publish: has } of peers) {
        const publish = rights.get(userId)
        if (!publish) {
          await control.command(node, { type: 'remove', callId, userId, reason: 'removed', at })
        } else if (!isDeepStrictEqual(new Set(has), new Set(publish))) {
          const what = { type: 'rights', callId, userId, publish, lowerHand: false, at } as const
          await control.command(node, what)
        }
      }
    },
  }
}

/** The sources that a member may publish in the chat's calls; `granted`: was allowed to speak in this one. */
export function publishable(actor: Actor, chat: ChatRules, granted: boolean) {
  return sourceSchema.options.filter((source) =>
    can(actor, chat, { do: 'publish', source, granted }),
  )
}
