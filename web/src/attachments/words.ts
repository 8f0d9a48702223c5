import type { FileKind } from '@beseda/protocol/files'
import type { Message, Quote } from '@beseda/protocol/messages'
import type { Dictionary } from '../i18n/ru.ts'
import { plainText } from '../messages/markdown.ts'

type Named = { name: string; kind: FileKind }

const together = (parts: string[]) => parts.filter((part) => part !== '').join(' · ')

/** What a message carries, in a word or two: `Photo`, `3 photos`, `2 files`, a file's name. */
export function filesText(t: Dictionary, files: readonly Named[]): string {
  const [first] = files
  if (!first) return ''
  const words = t.attachments
  if (files.length === 1) {
    if (first.kind === 'image') return words.photo
    return first.kind === 'video' ? words.video : first.name
  }
  const all = (kind: FileKind) => files.every((file) => file.kind === kind)
  if (all('image')) return words.photos(files.length)
  return all('video') ? words.videos(files.length) : words.files(files.length)
}

/** Files and words on one line: `2 photos · The sea`. */
export const carriedText = (t: Dictionary, files: readonly Named[], body: string) =>
  together([filesText(t, files), plainText(body)])

/** A message on one line: what it carries and what it says. */
export function messageText(t: Dictionary, message: Message): string {
  if (message.deletedAt) return t.messages.deleted
  return carriedText(t, message.attachments, message.body)
}

/** A quoted message on one line; of its files only the first one's kind is known. */
export function quoteText(t: Dictionary, { excerpt, attachment }: Quote): string {
  const { photo, video, audio, file } = t.attachments
  const words = { image: photo, video, audio, file }
  return together([attachment ? words[attachment] : '', plainText(excerpt)]) || t.messages.deleted
}
