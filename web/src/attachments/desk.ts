import type { FileKind, StoredFile } from '@beseda/protocol/files'
import type { Message } from '@beseda/protocol/messages'
import type { Problem } from './problem.ts'

export type UploadState =
  | { is: 'queued' }
  /** `part` of it has gone out, 0 to 1. */
  | { is: 'uploading'; part: number }
  | { is: 'done'; stored: StoredFile }
  | { is: 'failed'; problem: Problem }

/** A file on its way into a message. */
export type Upload = {
  id: string
  name: string
  /** Bytes. */
  size: number
  kind: FileKind
  /** Where the page finds the picture while it is not sent. */
  preview: string | null
  state: UploadState
}

/** A message that goes once its files are uploaded. */
export type Waiting = { id: string; body: string; replyTo: Message | null; uploads: Upload[] }

/** What lies ready to be sent in one chat: the files of the next message, and messages that wait. */
export type Desk = { tray: Upload[]; waiting: Waiting[] }
export type Desks = Readonly<Record<string, Desk>>

export const emptyDesk: Desk = { tray: [], waiting: [] }

/** All uploads of a desk; those that others wait for come first. */
export const uploadsOf = ({ tray, waiting }: Desk): Upload[] => [
  ...waiting.flatMap(({ uploads }) => uploads),
  ...tray,
]

/** Which uploads to start so that `atOnce` run together. */
export function nextUploads(desks: Desks, atOnce: number): Upload[] {
  const all = Object.values(desks).flatMap(uploadsOf)
  const running = all.filter(({ state }) => state.is === 'uploading').length
  return all.filter(({ state }) => state.is === 'queued').slice(0, Math.max(0, atOnce - running))
}

/** The desk with an upload in another state. */
export function withState(desk: Desk, uploadId: string, state: UploadState): Desk {
  const change = (uploads: Upload[]) =>
    uploads.map((upload) => (upload.id === uploadId ? { ...upload, state } : upload))
  return {
    tray: change(desk.tray),
    waiting: desk.waiting.map((one) => ({ ...one, uploads: change(one.uploads) })),
  }
}

/** The files as the server holds them; null while any is missing. */
export function storedOf(uploads: Upload[]): StoredFile[] | null {
  const stored = uploads.flatMap(({ state }) => (state.is === 'done' ? [state.stored] : []))
  return stored.length === uploads.length ? stored : null
}

/** How much of all the files has gone out, 0 to 1. */
export function sentPart(uploads: Upload[]): number {
  const total = uploads.reduce((sum, { size }) => sum + size, 0)
  if (total === 0) return 1
  const partOf = ({ state }: Upload) => {
    if (state.is === 'uploading') return state.part
    return state.is === 'done' ? 1 : 0
  }
  return uploads.reduce((sum, upload) => sum + upload.size * partOf(upload), 0) / total
}

export const hasFailed = (uploads: Upload[]) => uploads.some(({ state }) => state.is === 'failed')

/** Whether leaving the page would break anything off. */
export const isBusy = (desks: Desks) =>
  Object.values(desks).some(
    (desk) =>
      desk.waiting.length > 0 ||
      desk.tray.some(({ state }) => state.is === 'queued' || state.is === 'uploading'),
  )
