import { createSignal, onCleanup } from 'solid-js'

/** How long a deletion can be taken back, in milliseconds. */
export const undoMs = 5_000

/**
 * Deletions that wait to be meant: the message is hidden at once and deleted
 * after a while, or when the chat is left, unless `undo` comes before.
 */
export function createDeletions(remove: (messageId: string) => void) {
  const [hidden, setHidden] = createSignal<ReadonlySet<string>>(new Set())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const stop = (messageId: string) => {
    clearTimeout(timers.get(messageId))
    return timers.delete(messageId)
  }
  const show = (messageId: string) =>
    setHidden((now) => new Set([...now].filter((other) => other !== messageId)))
  const finish = (messageId: string) => {
    if (stop(messageId)) remove(messageId)
  }
  const finishAll = () => {
    for (const messageId of [...timers.keys()]) finish(messageId)
  }
  addEventListener('pagehide', finishAll)
  onCleanup(() => {
    removeEventListener('pagehide', finishAll)
    finishAll()
  })

  return {
    hidden,
    start(messageId: string) {
      setHidden((now) => new Set([...now, messageId]))
      timers.set(
        messageId,
        setTimeout(() => finish(messageId), undoMs),
      )
    },
    undo(messageId: string) {
      if (stop(messageId)) show(messageId)
    },
    /** The message is to be seen again, as when it could not be deleted. */
    show,
  }
}
