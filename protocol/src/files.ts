import { z } from 'zod'
import { limits } from './limits.ts'

/** What a file is shown as; found from its bytes, not from its name. */
export const fileKindSchema = z.enum(['image', 'video', 'audio', 'file'])
export type FileKind = z.infer<typeof fileKindSchema>

/**
 * An uploaded file. An `avatar` is kept as WebP, at most 512 × 512; anything
 * can be an `attachment` of a message.
 */
export const fileSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** As sniffed; `application/octet-stream` for what must not be shown in place. */
  mimeType: z.string(),
  kind: fileKindSchema,
  /** Bytes. */
  size: z.number().int(),
  /** Pixels of an image, null of all else. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
})
export type StoredFile = z.infer<typeof fileSchema>

export const uploadQuerySchema = z.strictObject({
  purpose: z.enum(['attachment', 'avatar']).default('attachment'),
})
export type UploadPurpose = z.infer<typeof uploadQuerySchema>['purpose']

export const fileParamsSchema = z.object({ fileId: z.uuid() })
export const fileQuerySchema = z.strictObject({
  /** `thumbnail` of an image: WebP of at most 640 × 640. */
  variant: z.enum(['original', 'thumbnail']).default('original'),
  /** Have the browser save the file, whatever it is. */
  download: z.literal('1').optional(),
})

/** The ids of uploads that a message carries, in their order. */
export const fileIdsSchema = z
  .array(z.uuid())
  .max(limits.attachmentsMax)
  .refine((ids) => new Set(ids).size === ids.length, 'names a file twice')
