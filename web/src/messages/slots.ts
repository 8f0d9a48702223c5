import type { StoredFile } from '@beseda/protocol/files'
import type { MessageRow, Row, SystemRow } from './rows.ts'

/**
 * What scrolls as one: a message, or a line that says what happened, with the
 * headings above it. A heading never stands alone, so that the place in a list
 * is always told by a message, which stays when older ones come above it.
 */
export type Slot = {
  key: string
  /** Null while it is on its way. */
  seq: number | null
  /** When it was written, where it is the first of its day. */
  day: string | null
  /** The line of the new messages is above it. */
  unread: boolean
  row: MessageRow | SystemRow
}

/** Put every heading to the message below it. */
export function toSlots(rows: readonly Row[]): Slot[] {
  const slots: Slot[] = []
  let day: string | null = null
  let unread = false
  for (const row of rows) {
    if (row.kind === 'day') day = row.at
    else if (row.kind === 'unread') unread = true
    else {
      const seq = row.kind === 'system' ? row.seq : (row.message?.seq ?? null)
      slots.push({ key: row.key, seq, day, unread, row })
      day = null
      unread = false
    }
  }
  return slots
}

const dayHeight = 48
const unreadHeight = 38
const lineHeight = 22
/** Characters on a line of a bubble. */
const lineLength = 64
const pictureHeight = 280
const fileHeight = 64

/** About how high a slot will be, in pixels, until it is on the page and measured. */
export function guessHeight({ day, unread, row }: Slot): number {
  const headings = (day ? dayHeight : 0) + (unread ? unreadHeight : 0)
  return headings + (row.kind === 'system' ? 38 : guessBubble(row))
}

function guessBubble({ first, body, replyTo, attachments, message }: MessageRow): number {
  const lines = body.split('\n').map((line) => Math.max(1, Math.ceil(line.length / lineLength)))
  const text = lines.reduce((sum, count) => sum + count, 0) * lineHeight
  const marks = message && message.reactions.length > 0 ? 36 : 0
  return 20 + text + (first ? 30 : 0) + (replyTo ? 48 : 0) + marks + guessFiles(attachments)
}

function guessFiles(files: readonly StoredFile[]): number {
  if (files.length === 0) return 0
  const seen = files.filter(({ kind }) => kind === 'image' || kind === 'video').length
  return (seen > 0 ? pictureHeight : 0) + (files.length - seen) * fileHeight
}
