import {
  type Call,
  type CallEndReason,
  callEndReasonSchema,
  callStatusSchema,
  callTypeSchema,
} from '@beseda/protocol/calls'
import type { CallOutcome } from '@beseda/protocol/messages'
import { type CallPeerState, callPeerStateSchema } from '@beseda/protocol/redis'
import { z } from 'zod'

const time = z.coerce.number().int()
const timeOrNone = z
  .string()
  .default('')
  .transform((text) => (text === '' ? null : Number(text)))

/** The hash `call:{id}`; times in ms. */
export const callStateSchema = z.object({
  id: z.uuid(),
  chatId: z.uuid(),
  initiatorId: z.uuid(),
  type: callTypeSchema,
  status: callStatusSchema,
  createdAt: time,
  answeredAt: timeOrNone,
  endedAt: timeOrNone,
  reason: callEndReasonSchema.optional(),
  node: z.string(),
  epoch: z.coerce.number().int(),
  /** Since when nobody is in the call; null while somebody is. */
  idleSince: timeOrNone,
})
export type CallState = z.infer<typeof callStateSchema>

/** Somebody in a call; times in ms. */
export type CallPeer = CallPeerState & { userId: string }

export type CallSnapshot = { state: CallState; peers: CallPeer[]; declined: string[] }

/** A call's hash as Redis gave it; null when there is none, or none that can be read. */
export function parseState(id: string, fields: unknown): CallState | null {
  const parsed = callStateSchema.safeParse({ id, ...Object(fields) })
  return parsed.success ? parsed.data : null
}

/** The peers' hash as Redis gave it, in the order in which they came. */
export function parsePeers(fields: unknown): CallPeer[] {
  return Object.entries(Object(fields))
    .flatMap(([userId, text]) => {
      const parsed = peerFieldSchema.safeParse(text)
      return parsed.success ? [{ userId, ...parsed.data }] : []
    })
    .toSorted((one, other) => one.joinedAt - other.joinedAt)
}

const peerFieldSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(callPeerStateSchema)

const isoOrNone = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** The call as its chat sees it. */
export function toCall({ state, peers, declined }: CallSnapshot): Call {
  return {
    id: state.id,
    chatId: state.chatId,
    initiatorId: state.initiatorId,
    type: state.type,
    status: state.status,
    createdAt: new Date(state.createdAt).toISOString(),
    answeredAt: isoOrNone(state.answeredAt),
    epoch: state.epoch,
    peers: peers.map(({ userId, joinedAt, sources }) => ({
      userId,
      joinedAt: new Date(joinedAt).toISOString(),
      sources,
    })),
    declined,
  }
}

/** How an ended call ended; one that nobody answered was missed, unless it was declined or failed. */
export function outcomeOf(state: Pick<CallState, 'reason' | 'answeredAt'>): CallOutcome {
  if (state.reason === 'declined' || state.reason === 'failed') return state.reason
  return state.answeredAt === null ? 'missed' : 'ended'
}

/** Why an ended call is over. */
export function reasonOf(state: Pick<CallState, 'reason'>): CallEndReason {
  return state.reason ?? 'failed'
}
