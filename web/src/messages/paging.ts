import type { Conversation } from '@beseda/client/conversation'
import { createEffect, createSignal, on } from 'solid-js'
import { fromStore, useClient } from '../shell/client.tsx'

/**
 * Fetches the pages at both ends of a conversation. One that failed is fetched
 * again at the reader's word, or when the connection is back.
 */
export function createPaging(conversation: Conversation) {
  const connection = fromStore(useClient().connection.state)
  const older = createEnd(() => conversation.loadOlder())
  const newer = createEnd(() => conversation.loadNewer())
  createEffect(
    on(
      () => connection().status,
      (status) => {
        if (status !== 'online') return
        if (older.failed()) older.retry()
        if (newer.failed()) newer.retry()
      },
      { defer: true },
    ),
  )
  return { older, newer }
}

function createEnd(fetch: () => Promise<void>) {
  const [failed, setFailed] = createSignal(false)
  const retry = () => {
    setFailed(false)
    void fetch().catch(() => setFailed(true))
  }
  return {
    failed,
    retry,
    /** The reader comes near this end. */
    near: () => !failed() && retry(),
  }
}
