/** Calls `send` whenever a frame is due, until the answer is called. */
export type Clock = {
  add(frameMs: number, send: () => void): () => void
  close(): void
}

const tickMs = 10
/** A process that slept longer does not send all that it slept through at once. */
const catchUpMs = 200

/** One timer for everything that is sent: hundreds of their own would be slower than the sending. */
export function makeClock(now: () => number = () => performance.now()): Clock {
  const senders = new Set<{ dueAt: number; frameMs: number; send: () => void }>()
  const tick = () => {
    const time = now()
    for (const sender of senders) {
      if (sender.dueAt < time - catchUpMs) sender.dueAt = time
      while (sender.dueAt <= time) {
        sender.dueAt += sender.frameMs
        sender.send()
      }
    }
  }
  const timer = setInterval(tick, tickMs)
  return {
    add(frameMs, send) {
      // Spread over a frame, or all bots would send in the same instant.
      const sender = { dueAt: now() + ((senders.size * 7) % frameMs), frameMs, send }
      senders.add(sender)
      return () => senders.delete(sender)
    },
    close: () => clearInterval(timer),
  }
}
