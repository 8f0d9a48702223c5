import { z } from 'zod'
import { fileIdsSchema, fileKindSchema, fileSchema } from './files.ts'
import { limits } from './limits.ts'
import { pageQuerySchema, pageSchema } from './pages.ts'
import { chatTypeSchema } from './permissions.ts'
import { userRefSchema } from './users.ts'

const namedSchema = z.object({ id: z.uuid(), displayName: z.string() })

/** How a call ended, as the chat tells it. */
export const callOutcomeSchema = z.enum(['ended', 'missed', 'declined', 'failed'])
export type CallOutcome = z.infer<typeof callOutcomeSchema>

/** What happened, for the reader's language to put into words. */
export const systemEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('chat.created'), actor: namedSchema, name: z.string() }),
  z.object({
    event: z.literal('member.added'),
    actor: namedSchema,
    users: z.array(namedSchema).max(limits.channelMembersMax),
  }),
  /** Came by an invitation. */
  z.object({ event: z.literal('member.joined'), actor: namedSchema }),
  z.object({ event: z.literal('member.left'), actor: namedSchema }),
  z.object({ event: z.literal('member.removed'), actor: namedSchema, user: namedSchema }),
  z.object({
    event: z.literal('member.role'),
    actor: namedSchema,
    user: namedSchema,
    role: z.enum(['admin', 'member']),
  }),
  z.object({ event: z.literal('chat.owner'), actor: namedSchema, user: namedSchema }),
  z.object({ event: z.literal('chat.renamed'), actor: namedSchema, name: z.string() }),
  z.object({ event: z.literal('chat.described'), actor: namedSchema }),
  z.object({ event: z.literal('chat.pictured'), actor: namedSchema }),
  z.object({
    event: z.literal('chat.speakers'),
    actor: namedSchema,
    muteAll: z.boolean(),
    onlyAdminsCanSpeak: z.boolean(),
  }),
  z.object({ event: z.literal('message.pinned'), actor: namedSchema, seq: z.number().int() }),
  z.object({
    event: z.literal('call.started'),
    actor: namedSchema,
    callId: z.uuid(),
    callType: z.enum(['audio', 'video']),
  }),
  z.object({
    event: z.literal('call.ended'),
    actor: namedSchema,
    callId: z.uuid(),
    callType: z.enum(['audio', 'video']),
    outcome: callOutcomeSchema,
    /** From the first answer to the end; 0 when nobody answered. */
    durationSeconds: z.number().int(),
  }),
])
export type SystemEvent = z.infer<typeof systemEventSchema>

export const emojiSchema = z
  .string()
  .max(limits.emojiMax)
  .regex(/^\p{RGI_Emoji}$/v, 'is not one emoji')

export const reactionSchema = z.object({
  emoji: z.string(),
  count: z.number().int(),
  /** The reader is among them. */
  mine: z.boolean(),
})
export type Reaction = z.infer<typeof reactionSchema>

/** What a reply quotes. */
export const quoteSchema = z.object({
  id: z.uuid(),
  seq: z.number().int().positive(),
  sender: userRefSchema.nullable(),
  /** The beginning of the body; empty when the message was deleted. */
  excerpt: z.string(),
  /** The kind of the first file that it carries. */
  attachment: fileKindSchema.nullable(),
})
export type Quote = z.infer<typeof quoteSchema>

export const messageSchema = z.object({
  id: z.uuid(),
  chatId: z.uuid(),
  /** Counted per chat from 1 without gaps. */
  seq: z.number().int().positive(),
  sender: userRefSchema.nullable(),
  /** The id that the sender chose; a retried send is the same message. */
  clientId: z.uuid().nullable(),
  body: z.string(),
  /** Set on messages that the system wrote; `body` is empty there. */
  system: systemEventSchema.nullable(),
  replyTo: quoteSchema.nullable(),
  /** In the order in which they were sent; none once the message was deleted. */
  attachments: z.array(fileSchema),
  /** Empty in `message.created`, which is the same for everybody. */
  reactions: z.array(reactionSchema),
  /** Members whom the body names with `@username`. */
  mentions: z.array(z.uuid()),
  pinnedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  editedAt: z.iso.datetime().nullable(),
  /** A deleted message keeps its `seq` and its sender, and loses its body. */
  deletedAt: z.iso.datetime().nullable(),
})
export type Message = z.infer<typeof messageSchema>

const bodySchema = z
  .string()
  .max(limits.messageBodyMax)
  .refine((text) => !text.includes('\u0000'), 'must not contain NUL')

/** Only a message that carries files may have an empty body. */
export const sendMessageBodySchema = z
  .strictObject({
    body: bodySchema,
    clientId: z.uuid(),
    replyToId: z.uuid().optional(),
    fileIds: fileIdsSchema.optional(),
  })
  .refine(({ body, fileIds = [] }) => body.trim() !== '' || fileIds.length > 0, {
    path: ['body'],
    message: 'must not be empty',
  })
/** Whether the body may be empty is known to the server alone: it holds the message's files. */
export const editMessageBodySchema = z.strictObject({ body: bodySchema })
export const messageParamsSchema = z.object({ chatId: z.uuid(), messageId: z.uuid() })
export const reactionParamsSchema = z.object({
  chatId: z.uuid(),
  messageId: z.uuid(),
  emoji: emojiSchema,
})
export type SendMessageBody = z.input<typeof sendMessageBodySchema>

const seqSchema = z.coerce.number<number>().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** A page of history: at most one of `before`, `after`, `around`; none means the newest. */
export const messageListQuerySchema = z
  .strictObject({
    before: seqSchema.optional(),
    after: seqSchema.optional(),
    around: seqSchema.optional(),
    limit: z.coerce.number<number>().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
  })
  .refine(
    (query) =>
      [query.before, query.after, query.around].filter((seq) => seq !== undefined).length <= 1,
    'give only one of before, after and around',
  )
export type MessageListQuery = z.input<typeof messageListQuerySchema>

/** Items are in ascending `seq`; `nextCursor` is the `seq` to go on from, in the asked direction. */
export const messagePageSchema = z.object({
  items: z.array(messageSchema),
  nextCursor: z.string().nullable(),
})
export type MessagePage = z.infer<typeof messagePageSchema>

export const readBodySchema = z.strictObject({
  seq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})

/**
 * The read marker after the call: it never moves back, nor past the newest message.
 * The counts are of what stands after it, up to `lastSeq` and no further.
 */
export const readAnswerSchema = z.object({
  seq: z.number().int(),
  lastSeq: z.number().int(),
  unreadCount: z.number().int(),
  mentionCount: z.number().int(),
})
export type ReadAnswer = z.infer<typeof readAnswerSchema>

/** Search over the messages of the own chats; the last word of `q` may be a beginning. */
export const messageSearchQuerySchema = pageQuerySchema.extend({
  q: z.string().trim().min(1).max(limits.searchQueryMax),
  chatId: z.uuid().optional(),
  senderId: z.uuid().optional(),
})
export type MessageSearchQuery = z.input<typeof messageSearchQuerySchema>

export const foundMessageSchema = z.object({
  message: messageSchema,
  /** `name` is null in a personal chat. */
  chat: z.object({ id: z.uuid(), type: chatTypeSchema, name: z.string().nullable() }),
})
export type FoundMessage = z.infer<typeof foundMessageSchema>
export const messageSearchPageSchema = pageSchema(foundMessageSchema)
