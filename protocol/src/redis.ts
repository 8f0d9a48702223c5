import { z } from 'zod'
import { rtpCapabilitiesSchema, sourceSchema } from './media.ts'
import { leaveReasonSchema } from './signalling.ts'

/** Where server and SFU meet: the keys, channels and stream of Redis. */

/** Seconds that the state of a call is kept. */
export const callTtlSeconds = 12 * 60 * 60

export const redisKeys = {
  /**
   * Hash: chatId, initiatorId, type, status, createdAt, answeredAt, node, epoch, idleSince, endedAt,
   * reason (times in ms, empty for none). Owned by the servers; the SFU that has the call keeps a
   * copy and writes it again, with all else about the call, when Redis came back without it.
   */
  call: (callId: string) => `call:${callId}`,
  /** Hash: userId → JSON of `callPeerStateSchema`. Written by the SFU. */
  callPeers: (callId: string) => `call:${callId}:peers`,
  /** Hash: node, pid, routerId. Written by the SFU. */
  callRouter: (callId: string) => `call:${callId}:router`,
  /** Set: users who were allowed to speak for the length of this call. Written by the servers. */
  callSpeakers: (callId: string) => `call:${callId}:speakers`,
  /** Set: users who declined. Written by the servers. */
  callDeclined: (callId: string) => `call:${callId}:declined`,
  /** String: id of the call that the user was last let into. */
  userCall: (userId: string) => `user:${userId}:call`,
  /** String: id of the chat's current call. */
  chatCall: (chatId: string) => `chat:${chatId}:call`,
  /** Sorted set: id of a call that is on → time in ms at which the servers look at it again. */
  callsDue: 'calls:due',
  /** String: JSON of `sfuNodeSchema`. Written by the SFU every 2 s, expires after 6. */
  sfuNode: (node: string) => `sfu:${node}`,
  /** Sorted set: user id → time in ms until which the user counts as connected. */
  presence: 'presence',
} as const

export const sfuNodeRefreshMs = 2_000
export const sfuNodeTtlSeconds = 6

export const callPeerStateSchema = z.object({
  joinedAt: z.number().int(),
  sources: z.array(sourceSchema),
  /** What the peer may publish. */
  publish: z.array(sourceSchema),
  /** SHA-256 of the peer's resume key: whoever shows the key is the same device. */
  device: z.string(),
})
export type CallPeerState = z.infer<typeof callPeerStateSchema>

export const sfuNodeSchema = z.object({
  node: z.string(),
  /** `SFU_PUBLIC_URL`; null means the server's host name with `port`. */
  publicUrl: z.string().nullable(),
  port: z.number().int(),
  /** Consumers and producers that are open on the node; the least loaded gets the next call. */
  load: z.number().int(),
  draining: z.boolean(),
  rtpCapabilities: rtpCapabilitiesSchema,
})
export type SfuNode = z.infer<typeof sfuNodeSchema>

/** Stream of what the SFUs saw; one entry has one field, `event`, with the JSON of `sfuEventSchema`. */
export const callEventsStream = 'calls:events'
export const callEventsGroup = 'servers'
/** Roughly how many entries the stream keeps. */
export const callEventsMaxLength = 100_000

export const sfuEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('joined'),
    callId: z.uuid(),
    chatId: z.uuid(),
    userId: z.uuid(),
    at: z.number().int(),
  }),
  /** A peer's published sources changed. */
  z.object({
    type: z.literal('updated'),
    callId: z.uuid(),
    chatId: z.uuid(),
    userId: z.uuid(),
    at: z.number().int(),
  }),
  z.object({
    type: z.literal('left'),
    callId: z.uuid(),
    chatId: z.uuid(),
    userId: z.uuid(),
    /** The stay's `joined` came with this time; it may be read later than this event. */
    joinedAt: z.number().int(),
    reason: leaveReasonSchema,
    at: z.number().int(),
  }),
  /** The room is closed because the last peer is gone, or the only one stayed alone for too long. */
  z.object({
    type: z.literal('ended'),
    callId: z.uuid(),
    chatId: z.uuid(),
    why: z.enum(['empty', 'alone']),
    at: z.number().int(),
  }),
])
export type SfuEvent = z.infer<typeof sfuEventSchema>

/**
 * Stream of what the servers want done on one node; one entry has one field, `command`, with the
 * JSON of `sfuCommandSchema`. The node reads on from the last entry that it has done, so that a
 * command given while its connection was down is done when it is back.
 */
export const sfuCommandsStream = (node: string) => `commands:sfu:${node}`
/** Roughly how many commands the stream keeps. */
export const sfuCommandsMaxLength = 1_000
/** Seconds that commands wait for a node that does not come. */
export const sfuCommandsTtlSeconds = 60 * 60

/**
 * Pub/sub channel of one node: a message, of whatever content, says that there are commands. The
 * subscription is also the quickest sign that the node lives: it is gone the moment a process dies.
 */
export const sfuWakeChannel = (node: string) => `wake:sfu:${node}`

/** When the server decided, in ms: a call token that was signed later outweighs the command. */
const at = z.number().int()

export const sfuCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('end'), callId: z.uuid() }),
  /** Also whoever comes later with a token from before is not let in. */
  z.object({
    type: z.literal('remove'),
    callId: z.uuid(),
    userId: z.uuid(),
    /** `left` when the user went to another call, `replaced` when to another device. */
    reason: z.enum(['removed', 'left', 'replaced']),
    at,
  }),
  /** What the user may publish from now on, whatever an older token says. */
  z.object({
    type: z.literal('rights'),
    callId: z.uuid(),
    userId: z.uuid(),
    publish: z.array(sourceSchema),
    /** The user was allowed to speak: the raised hand has been answered. */
    lowerHand: z.boolean(),
    at,
  }),
  /** Pause what the user sends now; unmuting is up to the user. */
  z.object({
    type: z.literal('mute'),
    callId: z.uuid(),
    userId: z.uuid(),
    sources: z.array(sourceSchema),
    byUserId: z.uuid(),
  }),
  /** Take no new calls and hand over those that are here, or take calls again. */
  z.object({ type: z.literal('drain'), on: z.boolean() }),
])
export type SfuCommand = z.infer<typeof sfuCommandSchema>
