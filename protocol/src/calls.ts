import { z } from 'zod'
import { rtpCapabilitiesSchema, sourceSchema } from './media.ts'
import { callOutcomeSchema } from './messages.ts'
import { pageQuerySchema, pageSchema } from './pages.ts'
import { leaveReasonSchema } from './signalling.ts'
import { userRefSchema } from './users.ts'

export const callTypeSchema = z.enum(['audio', 'video'])
export type CallType = z.infer<typeof callTypeSchema>

export const callStatusSchema = z.enum(['ringing', 'active', 'ended'])
export type CallStatus = z.infer<typeof callStatusSchema>

export const callPeerSchema = z.object({
  userId: z.uuid(),
  joinedAt: z.iso.datetime(),
  sources: z.array(sourceSchema),
})

/** A call as its chat sees it. */
export const callSchema = z.object({
  id: z.uuid(),
  chatId: z.uuid(),
  initiatorId: z.uuid(),
  type: callTypeSchema,
  status: callStatusSchema,
  createdAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
  /** Counts the SFU nodes that the call has had; a rejoin names the one that failed. */
  epoch: z.number().int(),
  /** Who is in, as the SFU has seen it. */
  peers: z.array(callPeerSchema),
  /** Who declined: it does not ring for them any more, after a reload either. */
  declined: z.array(z.uuid()),
})
export type Call = z.infer<typeof callSchema>

export const iceServerSchema = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
})
export const iceServersSchema = z.array(iceServerSchema)
export type IceServers = z.infer<typeof iceServersSchema>

/** The way into the SFU. */
export const joinSchema = z.object({
  /** The SFU's signalling socket. */
  url: z.string(),
  /** A call token, good for a minute. */
  token: z.string(),
  iceServers: iceServersSchema,
  /** What the SFU can receive, so that the first frame can already say what the client can. */
  rtpCapabilities: rtpCapabilitiesSchema,
})
export type Join = z.infer<typeof joinSchema>

export const callAnswerSchema = z.object({ call: callSchema, join: joinSchema })
export type CallAnswer = z.infer<typeof callAnswerSchema>

/** Leave the call that the user is in, or move this one here from another device; else 409 `IN_ANOTHER_CALL`. */
const leaveOther = z.boolean().default(false)

export const startCallBodySchema = z.strictObject({
  type: callTypeSchema,
  leaveOther,
  /** The last one that the SFU gave for this call: proves the same device, which need not be asked. */
  resumeKey: z.string().max(128).optional(),
})
export type StartCallBody = z.input<typeof startCallBodySchema>

export const joinCallBodySchema = z.strictObject({
  /** The epoch whose node could not be reached; asks for a move to another node. */
  failedEpoch: z.number().int().min(1).optional(),
  leaveOther,
  /** The last one that the SFU gave for this call: proves the same device, which need not be asked. */
  resumeKey: z.string().max(128).optional(),
})
export type JoinCallBody = z.input<typeof joinCallBodySchema>

export const callParamsSchema = z.object({ callId: z.uuid() })

/** `GET /me/call`: the call that the user is in, on any device. */
export const myCallSchema = z.object({ call: callSchema.nullable() })

export const callPeerParamsSchema = z.object({ callId: z.uuid(), userId: z.uuid() })

/** What a moderator does to somebody in the call. */
export const updateCallPeerBodySchema = z
  .strictObject({
    /** Mute the microphone; its owner may unmute it again while the rights allow it. */
    muted: z.literal(true).optional(),
    /** Let speak until the call ends, whatever the chat's settings say; or take that back. */
    canSpeak: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must ask for something')
export type UpdateCallPeerBody = z.input<typeof updateCallPeerBodySchema>

/**
 * Why a call is over. `left`: the last one left; `ended`: somebody ended it for all; `cancelled`: the
 * caller gave up ringing; `unanswered`; `declined`; `alone`: one stayed alone too long; `expired`: it
 * lasted as long as a call may; `failed`: its media server died, or its state was lost.
 */
export const callEndReasonSchema = z.enum([
  'left',
  'ended',
  'cancelled',
  'unanswered',
  'declined',
  'alone',
  'expired',
  'failed',
])
export type CallEndReason = z.infer<typeof callEndReasonSchema>

/** One row of a chat's call log. */
export const callRecordSchema = z.object({
  id: z.uuid(),
  chatId: z.uuid(),
  initiator: userRefSchema.nullable(),
  type: callTypeSchema,
  createdAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  outcome: callOutcomeSchema.nullable(),
  /** Null while the call is on. */
  reason: callEndReasonSchema.nullable(),
  /** From the first answer to the end, or to now; 0 when nobody answered. */
  durationSeconds: z.number().int(),
  participants: z.array(
    z.object({
      user: userRefSchema,
      joinedAt: z.iso.datetime(),
      leftAt: z.iso.datetime().nullable(),
      /** Why they left; null while they are in. */
      reason: leaveReasonSchema.nullable(),
    }),
  ),
})
export type CallRecord = z.infer<typeof callRecordSchema>
export const callLogQuerySchema = pageQuerySchema
export const callLogSchema = pageSchema(callRecordSchema)
