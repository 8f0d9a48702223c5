import { z } from 'zod'
import { callEndReasonSchema, callSchema } from './calls.ts'
import { chatInfoSchema } from './chats.ts'
import { callOutcomeSchema, messageSchema } from './messages.ts'
import { permissionsSchema, roleSchema } from './permissions.ts'
import { statusSchema } from './users.ts'

/** The event socket, `GET /api/ws`: frames that go up. The first one is `hello`. */
export const upFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    token: z.string().max(4096),
    /** The newest `seq` that the client holds of each chat; what came later is sent again. */
    seqs: z
      .record(z.uuid(), z.number().int().min(0))
      .refine((seqs) => Object.keys(seqs).length <= 1000, 'at most 1000 chats')
      .optional(),
  }),
  /** The user writes in this chat now; said again every few seconds while it lasts. */
  z.strictObject({ type: z.literal('typing'), chatId: z.uuid() }),
  /** The user went idle, or came back. */
  z.strictObject({ type: z.literal('presence'), status: z.enum(['online', 'away']) }),
  /** Is the socket alive? Answered with a `beat`. */
  z.strictObject({ type: z.literal('beat') }),
])
export type UpFrame = z.infer<typeof upFrameSchema>

/** How many missed messages of one chat `hello` brings; the rest is fetched. */
export const replayedMessagesMax = 200

/** How often the server sends a `beat`, in milliseconds: a client that hears nothing has lost it. */
export const beatMs = 15_000

export const eventSchema = z.discriminatedUnion('type', [
  /** Nothing but a sign of life. */
  z.object({ type: z.literal('beat') }),
  /** Answer to `hello`: from here on nothing is missed. `heads` names every own chat's newest `seq`. */
  z.object({
    type: z.literal('ready'),
    userId: z.uuid(),
    heads: z.record(z.uuid(), z.number().int()),
  }),
  z.object({ type: z.literal('message.created'), message: messageSchema }),
  /** The body was edited, or the message was deleted or pinned; `reactions` is left out. */
  z.object({
    type: z.literal('message.updated'),
    message: messageSchema.omit({ reactions: true }),
  }),
  z.object({
    type: z.literal('reaction.added'),
    chatId: z.uuid(),
    messageId: z.uuid(),
    userId: z.uuid(),
    emoji: z.string(),
    /** How many have put it there, after this. */
    count: z.number().int(),
  }),
  z.object({
    type: z.literal('reaction.removed'),
    chatId: z.uuid(),
    messageId: z.uuid(),
    userId: z.uuid(),
    emoji: z.string(),
    /** How many have put it there, after this. */
    count: z.number().int(),
  }),
  z.object({
    type: z.literal('read.updated'),
    chatId: z.uuid(),
    userId: z.uuid(),
    seq: z.number().int(),
  }),
  /** The receiver is in this chat from now on; `GET /chats/:chatId` has it as they see it. */
  z.object({ type: z.literal('chat.created'), chatId: z.uuid() }),
  z.object({ type: z.literal('chat.updated'), chat: chatInfoSchema }),
  z.object({
    type: z.literal('member.added'),
    chatId: z.uuid(),
    userIds: z.array(z.uuid()),
    memberCount: z.number().int(),
  }),
  z.object({
    type: z.literal('member.updated'),
    chatId: z.uuid(),
    userId: z.uuid(),
    role: roleSchema,
    permissions: permissionsSchema,
  }),
  z.object({
    type: z.literal('member.removed'),
    chatId: z.uuid(),
    userId: z.uuid(),
    memberCount: z.number().int(),
  }),
  /** The receiver is in this chat no longer. */
  z.object({
    type: z.literal('chat.closed'),
    chatId: z.uuid(),
    reason: z.enum(['removed', 'left', 'deleted']),
    /** Who did it. */
    actor: z.string(),
  }),
  /** The receiver muted the chat, or unmuted it, on one of their devices. */
  z.object({ type: z.literal('chat.muted'), chatId: z.uuid(), muted: z.boolean() }),
  /** Somebody else is writing. */
  z.object({ type: z.literal('typing'), chatId: z.uuid(), userId: z.uuid() }),
  z.object({
    type: z.literal('presence'),
    userId: z.uuid(),
    status: statusSchema,
    lastSeenAt: z.iso.datetime().nullable(),
  }),
  /**
   * Somebody calls the receiver. `silent` when the receiver is in another call: shown, not heard.
   * Who does not want to be disturbed gets none of it.
   */
  z.object({ type: z.literal('call.ringing'), call: callSchema, silent: z.boolean() }),
  z.object({ type: z.literal('call.updated'), call: callSchema }),
  /** The receiver answered or declined, here or on another device: stop ringing. */
  z.object({ type: z.literal('call.answered'), callId: z.uuid(), chatId: z.uuid() }),
  z.object({
    type: z.literal('call.declined'),
    callId: z.uuid(),
    chatId: z.uuid(),
    userId: z.uuid(),
  }),
  z.object({
    type: z.literal('call.ended'),
    callId: z.uuid(),
    chatId: z.uuid(),
    outcome: callOutcomeSchema,
    reason: callEndReasonSchema,
  }),
])
export type BesedaEvent = z.infer<typeof eventSchema>
