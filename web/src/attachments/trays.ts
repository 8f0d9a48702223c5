import { createStore, type Store } from '@beseda/client/store'
import type { StoredFile } from '@beseda/protocol/files'
import { limits } from '@beseda/protocol/limits'
import type { Message } from '@beseda/protocol/messages'
import {
  type Desk,
  type Desks,
  emptyDesk,
  hasFailed,
  nextUploads,
  storedOf,
  type Upload,
  type UploadState,
  uploadsOf,
  type Waiting,
  withState,
} from './desk.ts'
import { seemingKind } from './file-name.ts'
import { mayPass, problemIn, problemOf } from './problem.ts'

/** How many files go out together. */
const uploadsAtOnce = 2

/** A file that was picked, dropped or pasted. */
export type Picked = { file: File; folder: boolean }

export type Written = { body: string; replyTo: Message | null }

type TraysOptions = {
  /** Upload a file; `onProgress` is told the part that has gone out, 0 to 1. */
  upload: (
    file: File,
    options: { onProgress: (part: number) => void; signal: AbortSignal },
  ) => Promise<StoredFile>
  /** The size of the largest file that the server takes; null while it is not known. */
  maxBytes: () => number | null
  /** A message that waited is whole. */
  onWhole: (chatId: string, written: Written, files: StoredFile[]) => void
  /** A message that waits can't go: one of its files was not uploaded. */
  onStuck: (chatId: string) => void
}

export type Trays = ReturnType<typeof createTrays>

/**
 * The files that are about to be sent, chat by chat, for as long as the user is
 * signed in: uploads begin when a file is taken, two at a time over all chats.
 */
export function createTrays({ upload, maxBytes, onWhole, onStuck }: TraysOptions) {
  const desks = createStore<Desks>({})
  const files = new Map<string, File>()
  const running = new Map<string, AbortController>()
  let closed = false
  let lastId = 0

  const deskOf = (chatId: string) => desks.get()[chatId] ?? emptyDesk
  const put = (chatId: string, desk: Desk) => desks.update((all) => ({ ...all, [chatId]: desk }))

  function forget({ id, preview }: Upload) {
    if (preview) URL.revokeObjectURL(preview)
    running.get(id)?.abort()
    running.delete(id)
    files.delete(id)
  }

  function setState(uploadId: string, state: UploadState) {
    for (const [chatId, desk] of Object.entries(desks.get())) {
      if (uploadsOf(desk).some(({ id }) => id === uploadId)) {
        put(chatId, withState(desk, uploadId, state))
      }
    }
  }

  function pump() {
    for (const { id } of nextUploads(desks.get(), uploadsAtOnce)) void run(id)
  }

  async function run(id: string) {
    const file = files.get(id)
    if (!file || closed) return
    const abort = new AbortController()
    running.set(id, abort)
    setState(id, { is: 'uploading', part: 0 })
    const onProgress = (part: number) => {
      if (!abort.signal.aborted) setState(id, { is: 'uploading', part })
    }
    try {
      const stored = await upload(file, { onProgress, signal: abort.signal })
      if (!abort.signal.aborted) setState(id, { is: 'done', stored })
    } catch (error) {
      if (abort.signal.aborted) return
      setState(id, { is: 'failed', problem: problemIn(error) })
      tellStuck(id)
    } finally {
      if (running.get(id) === abort) running.delete(id)
      settle()
      pump()
    }
  }

  function tellStuck(uploadId: string) {
    for (const [chatId, { waiting }] of Object.entries(desks.get())) {
      const waits = waiting.some(({ uploads }) => uploads.some(({ id }) => id === uploadId))
      if (waits) onStuck(chatId)
    }
  }

  /** Let go what is whole, in the order in which it was written. */
  function settle() {
    for (const chatId of Object.keys(desks.get())) {
      for (;;) {
        const { tray, waiting } = deskOf(chatId)
        const [first, ...others] = waiting
        const stored = first && storedOf(first.uploads)
        if (!stored) break
        put(chatId, { tray, waiting: others })
        first.uploads.forEach(forget)
        onWhole(chatId, first, stored)
      }
    }
  }

  function lay({ file, folder }: Picked): Upload {
    const id = `upload-${++lastId}`
    const kind = seemingKind(file.type)
    const problem = problemOf({ size: file.size, folder }, maxBytes())
    if (!problem) files.set(id, file)
    const preview = kind === 'image' && !problem ? URL.createObjectURL(file) : null
    const state: UploadState = problem ? { is: 'failed', problem } : { is: 'queued' }
    return { id, name: file.name, size: file.size, kind, preview, state }
  }

  return {
    desks: desks as Store<Desks>,

    /** Take files for the next message; how many of them found no room. */
    add(chatId: string, picked: Picked[]): number {
      const desk = deskOf(chatId)
      const room = Math.max(0, limits.attachmentsMax - desk.tray.length)
      put(chatId, { ...desk, tray: [...desk.tray, ...picked.slice(0, room).map(lay)] })
      pump()
      return Math.max(0, picked.length - room)
    },

    /** Take a file out; the answer puts it back where it was, uploaded anew if it has to be. */
    remove(chatId: string, uploadId: string): () => void {
      const desk = deskOf(chatId)
      const at = desk.tray.findIndex(({ id }) => id === uploadId)
      const upload = desk.tray[at]
      if (!upload) return () => {}
      const file = files.get(uploadId)
      forget(upload)
      put(chatId, { ...desk, tray: desk.tray.toSpliced(at, 1) })
      pump()
      return () => {
        const now = deskOf(chatId)
        if (closed || now.tray.length >= limits.attachmentsMax) return
        if (file) files.set(uploadId, file)
        const preview = file && upload.preview ? URL.createObjectURL(file) : null
        const state: UploadState = upload.state.is === 'uploading' ? { is: 'queued' } : upload.state
        put(chatId, { ...now, tray: now.tray.toSpliced(at, 0, { ...upload, preview, state }) })
        pump()
      }
    },

    /** Try again what failed and may pass now. */
    retry(uploadId: string) {
      if (files.has(uploadId)) setState(uploadId, { is: 'queued' })
      pump()
    },

    /**
     * Send the tray with these words: its files when all are uploaded and nothing
     * waits before them; else null, and the message goes by itself once it can.
     */
    post(chatId: string, written: Written): StoredFile[] | null {
      const { tray, waiting } = deskOf(chatId)
      const stored = waiting.length === 0 ? storedOf(tray) : null
      if (stored) {
        put(chatId, { tray: [], waiting })
        tray.forEach(forget)
        return stored
      }
      const next: Waiting = { id: `waiting-${++lastId}`, ...written, uploads: tray }
      put(chatId, { tray: [], waiting: [...waiting, next] })
      return null
    },

    /** Give a message that waits back to its writer; its files lie in the tray again. */
    takeBack(chatId: string, waitingId: string): Written | null {
      const { tray, waiting } = deskOf(chatId)
      const one = waiting.find(({ id }) => id === waitingId)
      if (!one || !fits(tray, one)) return null
      put(chatId, {
        tray: [...one.uploads, ...tray],
        waiting: waiting.filter(({ id }) => id !== waitingId),
      })
      settle()
      return { body: one.body, replyTo: one.replyTo }
    },

    /** Try again all of a waiting message's files that failed. */
    retryWaiting(chatId: string, waitingId: string) {
      const one = deskOf(chatId).waiting.find(({ id }) => id === waitingId)
      for (const { id, state } of one?.uploads ?? []) {
        if (state.is === 'failed' && files.has(id)) setState(id, { is: 'queued' })
      }
      pump()
    },

    /** Break off all that lies in chats where the user may not write any more. */
    keepOnly(mayPost: (chatId: string) => boolean) {
      for (const [chatId, desk] of Object.entries(desks.get())) {
        if (desk === emptyDesk || mayPost(chatId)) continue
        uploadsOf(desk).forEach(forget)
        put(chatId, emptyDesk)
      }
    },

    /** Break everything off: the user has signed out. */
    close() {
      closed = true
      for (const desk of Object.values(desks.get())) uploadsOf(desk).forEach(forget)
    },
  }
}

/** Whether the files of a message that waits find room in the tray again. */
export const fits = (tray: Upload[], { uploads }: Waiting) =>
  tray.length + uploads.length <= limits.attachmentsMax

/** Whether another try may bring the message through. */
export const canRetry = ({ uploads }: Waiting) =>
  hasFailed(uploads) &&
  uploads.every(({ state }) => state.is !== 'failed' || mayPass(state.problem))
