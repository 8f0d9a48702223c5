import { z } from 'zod'
import {
  dtlsParametersSchema,
  iceParametersSchema,
  kindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  sourceSchema,
  transportSchema,
} from './media.ts'

/**
 * The SFU's signalling socket. The client sends requests, the SFU answers each
 * with a reply of the same `id`, and sends notices, which have no `id`. The
 * first request is `join`, or `resume` after the socket dropped, or `probe`.
 */

const mediaId = z.string().min(1).max(64)

export const peerSchema = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  avatarId: z.uuid().nullable(),
  joinedAt: z.iso.datetime(),
  /** What this peer may publish; who may publish nothing only listens. */
  publish: z.array(sourceSchema),
  /** Since when this peer asks to speak; null when it does not. */
  handRaisedAt: z.iso.datetime().nullable(),
})
export type Peer = z.infer<typeof peerSchema>

/** A consumer that is open on the client's receiving transport, paused until it asks to resume. */
export const consumerSchema = z.object({
  id: mediaId,
  producerId: mediaId,
  /** Whose track it is. */
  userId: z.uuid(),
  source: sourceSchema,
  kind: kindSchema,
  rtpParameters: rtpParametersSchema,
  /** True while its owner has it muted or off. */
  producerPaused: z.boolean(),
})
export type ConsumerOptions = z.infer<typeof consumerSchema>

/** How bad somebody's way to the SFU is. */
export const uplinkSchema = z.object({
  userId: z.uuid(),
  /** Share of packets that do not arrive at first, 0 to 1; 1 when nothing comes any more. */
  loss: z.number().min(0).max(1),
  /** How well the worst of their streams arrives once repaired, 0 (not at all) to 10 (mediasoup's score). */
  score: z.number().int().min(0).max(10),
})
export type Uplink = z.infer<typeof uplinkSchema>

/** Everything that a client needs after `join`, in one reply. */
export const joinedSchema = z.object({
  routerRtpCapabilities: rtpCapabilitiesSchema,
  sendTransport: transportSchema,
  recvTransport: transportSchema,
  /** The client itself, as the others see it. */
  self: peerSchema,
  peers: z.array(peerSchema),
  consumers: z.array(consumerSchema),
  /** Shown with `resume` when the socket drops. */
  resumeKey: z.string(),
  startedAt: z.iso.datetime(),
})
export type Joined = z.infer<typeof joinedSchema>

/** What changed while the socket was away, and new ICE parameters for both transports. */
export const resumedSchema = z.object({
  sendIceParameters: iceParametersSchema,
  recvIceParameters: iceParametersSchema,
  self: peerSchema,
  peers: z.array(peerSchema),
  /** All consumers that are open now: those that the client has, and new ones. */
  consumers: z.array(consumerSchema),
  /** The client's own producers that are still open. */
  producerIds: z.array(mediaId),
  /** Those of them that a moderator muted and that are paused still. */
  mutedProducerIds: z.array(mediaId),
})
export type Resumed = z.infer<typeof resumedSchema>

const empty = z.strictObject({})

/** Each request's data and the data of its reply. */
export const requests = {
  join: {
    data: z.strictObject({ token: z.string().max(4096), rtpCapabilities: rtpCapabilitiesSchema }),
    reply: joinedSchema,
  },
  resume: {
    data: z.strictObject({ callId: z.uuid(), resumeKey: z.string().max(128) }),
    reply: resumedSchema,
  },
  /**
   * Open a transport on each worker, to try the way to its media port by ICE alone. From then on
   * the SFU sends nothing by itself on this socket, which it closes after `probeSeconds`.
   */
  probe: {
    data: z.strictObject({ token: z.string().max(4096) }),
    reply: z.object({ transports: z.array(transportSchema) }),
  },
  connectTransport: {
    data: z.strictObject({ transportId: mediaId, dtlsParameters: dtlsParametersSchema }),
    reply: empty,
  },
  restartIce: {
    data: z.strictObject({ transportId: mediaId }),
    reply: z.object({ iceParameters: iceParametersSchema }),
  },
  produce: {
    data: z.strictObject({
      transportId: mediaId,
      kind: kindSchema,
      rtpParameters: rtpParametersSchema,
      source: sourceSchema,
      paused: z.boolean().default(false),
    }),
    reply: z.object({ producerId: mediaId }),
  },
  pauseProducer: { data: z.strictObject({ producerId: mediaId }), reply: empty },
  resumeProducer: { data: z.strictObject({ producerId: mediaId }), reply: empty },
  closeProducer: { data: z.strictObject({ producerId: mediaId }), reply: empty },
  /** Several at once: a joiner starts all its consumers with one frame. */
  resumeConsumers: {
    data: z.strictObject({ consumerIds: z.array(mediaId).min(1).max(1000) }),
    reply: empty,
  },
  pauseConsumer: { data: z.strictObject({ consumerId: mediaId }), reply: empty },
  setPreferredLayers: {
    data: z.strictObject({
      consumerId: mediaId,
      spatialLayer: z.number().int().min(0).max(8),
      temporalLayer: z.number().int().min(0).max(8).optional(),
    }),
    reply: empty,
  },
  /** Ask to speak, or no longer; being allowed to lowers the hand by itself. */
  raiseHand: { data: z.strictObject({ raised: z.boolean() }), reply: empty },
  /** The answer to the notice `alone`: the call goes on. */
  stay: { data: empty, reply: empty },
  leave: { data: empty, reply: empty },
} as const

export type RequestType = keyof typeof requests
export type RequestData<Type extends RequestType> = z.input<(typeof requests)[Type]['data']>
export type ParsedRequestData<Type extends RequestType> = z.output<(typeof requests)[Type]['data']>
export type ReplyData<Type extends RequestType> = z.output<(typeof requests)[Type]['reply']>

const requestTypes = Object.keys(requests) as [RequestType, ...RequestType[]]

/** The envelope of a request; `data` is parsed by its type's own schema after it. */
export const requestFrameSchema = z.strictObject({
  id: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  type: z.enum(requestTypes),
  data: z.unknown().optional(),
})
export type RequestFrame = z.infer<typeof requestFrameSchema>

export const signallingErrorCodes = [
  'VALIDATION',
  'UNAUTHORIZED',
  'TOKEN_EXPIRED',
  /** The token or the resume names a node, epoch or peer that is not here (any more). */
  'WRONG_NODE',
  'CALL_ENDED',
  'CALL_FULL',
  'DRAINING',
  'NOT_JOINED',
  'ALREADY_JOINED',
  'FORBIDDEN',
  'NOT_FOUND',
  'UNSUPPORTED_MEDIA',
  'LIMIT',
  'INTERNAL',
] as const
export type SignallingErrorCode = (typeof signallingErrorCodes)[number]

export const replyFrameSchema = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), data: z.unknown() }),
  z.object({
    id: z.number().int(),
    ok: z.literal(false),
    error: z.object({ code: z.enum(signallingErrorCodes), message: z.string() }),
  }),
])
export type ReplyFrame = z.infer<typeof replyFrameSchema>

/** Why somebody is no longer in the call. */
export const leaveReasonSchema = z.enum(['left', 'lost', 'removed', 'replaced', 'ended'])
export type LeaveReason = z.infer<typeof leaveReasonSchema>

export const noticeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('peer.joined'), peer: peerSchema }),
  /** The rights or the hand of a peer, maybe the client's own, changed. */
  z.object({ type: z.literal('peer.updated'), peer: peerSchema }),
  z.object({ type: z.literal('peer.left'), userId: z.uuid(), reason: leaveReasonSchema }),
  z.object({ type: z.literal('consumer.opened'), consumer: consumerSchema }),
  z.object({ type: z.literal('consumer.closed'), consumerId: mediaId }),
  /** The owner muted the track or switched it off. */
  z.object({ type: z.literal('consumer.paused'), consumerId: mediaId }),
  z.object({ type: z.literal('consumer.resumed'), consumerId: mediaId }),
  /** The simulcast layer that is being forwarded; null when none is. */
  z.object({
    type: z.literal('consumer.layers'),
    consumerId: mediaId,
    spatialLayer: z.number().int().nullable(),
  }),
  /** One of the client's own producers was closed by the SFU. */
  z.object({ type: z.literal('producer.closed'), producerId: mediaId }),
  /** A moderator muted one of the client's own producers; `resumeProducer` unmutes it again. */
  z.object({ type: z.literal('producer.paused'), producerId: mediaId, byUserId: z.uuid() }),
  /**
   * The highest simulcast layer of an own video that any receiver wants now; null when
   * nobody watches. Rises at once, falls after a moment; a video starts as wanted in full.
   */
  z.object({
    type: z.literal('producer.layers'),
    producerId: mediaId,
    maxSpatialLayer: z.number().int().nullable(),
  }),
  /** What the client itself may publish from now on; producers of the rest are closed. */
  z.object({ type: z.literal('rights'), publish: z.array(sourceSchema) }),
  /** Nobody else has been here for long: the call ends then, unless somebody comes or `stay` is asked. */
  z.object({ type: z.literal('alone'), endsAt: z.iso.datetime() }),
  /** Who is heard now, loudest first, in dBov (−127 to 0). Empty when it is quiet. */
  z.object({
    type: z.literal('speakers'),
    speakers: z.array(z.object({ userId: z.uuid(), volume: z.number().int() })),
  }),
  /**
   * Whose way to the SFU is bad now, every 2 s while there is anybody, maybe the client itself.
   * All others' is good; empty once, when it has become good for all.
   */
  z.object({ type: z.literal('uplinks'), troubled: z.array(uplinkSchema) }),
  /** The socket closes after this one. */
  z.object({ type: z.literal('closed'), reason: leaveReasonSchema }),
])
export type Notice = z.infer<typeof noticeSchema>
