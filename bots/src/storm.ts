import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { Member } from './setup.ts'

/** How long the last messages may still be on their way. */
const settleMs = 5_000

/** Messages of the plan in a chat, and when each came down whose socket; nothing where there is no chat. */
export function startStorm(chatId: string | null, plan: Plan, members: readonly Member[]) {
  /** When each was sent, by its text. */
  const sentAt = new Map<string, number>()
  const deliveryMs: number[] = []
  const readers = plan.chat.flatMap((bot) => members[bot] ?? [])
  let sent = 0
  const stops = readers.map(({ client, userId }) =>
    client.onEvent((event) => {
      if (event.type !== 'message.created' || event.message.chatId !== chatId) return
      const at = sentAt.get(event.message.body)
      if (at === undefined || event.message.sender?.id === userId) return
      deliveryMs.push(performance.now() - at)
    }),
  )
  const expected = () => sent * (readers.length - 1)

  async function send(bot: number, onError: (error: unknown) => void) {
    const body = `message ${sentAt.size + 1}`
    const client = members[bot]?.client
    if (!client || chatId === null) return
    sentAt.set(body, performance.now())
    try {
      await client.rest.sendMessage(chatId, { clientId: randomUUID(), body })
      sent++
    } catch (error) {
      onError(error)
    }
  }

  return {
    /** Resolves when all are sent and answered. */
    async write(start: number, stop: AbortSignal, onError: (error: unknown) => void) {
      const answers: Promise<void>[] = []
      for (const { at, bot } of chatId === null ? [] : plan.messages) {
        const wait = start + at - performance.now()
        if (wait > 0) await pause(wait, undefined, { signal: stop }).catch(() => {})
        if (stop.aborted) break
        answers.push(send(bot, onError))
      }
      await Promise.all(answers)
    },
    /** Wait until all have come, for a while. */
    async settle() {
      const end = performance.now() + settleMs
      while (deliveryMs.length < expected() && performance.now() < end) await pause(50)
      for (const stop of stops) stop()
    },
    result: (): Outcome['messages'] => ({
      sent,
      delivered: deliveryMs.length,
      lost: Math.max(0, expected() - deliveryMs.length),
      deliveryMs,
    }),
  }
}
