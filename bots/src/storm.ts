import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { machineNow } from './machine-clock.ts'
import type { Plan } from './plan.ts'
import type { Member } from './setup.ts'

/** How long the last messages may still be on their way. */
const settleMs = 5_000

type StormOptions = {
  /** Null where nothing is written. */
  chatId: string | null
  plan: Plan
  /** Bots of this process by their index: the others are another's. */
  members: ReadonlyMap<number, Member>
  /** Of this run, for all its processes. */
  run: string
  onError(error: unknown): void
}

/** Messages of the plan in a chat by this process's bots, and when anybody's came down their sockets. */
export function startStorm({ chatId, plan, members, run, onError }: StormOptions) {
  const deliveryMs: number[] = []
  const readers = plan.chat.flatMap((bot) => members.get(bot) ?? [])
  const own = plan.messages.filter(({ bot }) => members.has(bot))
  let sent = 0
  let expected = 0
  // The writer may be in another process: its words say when they were sent, by the clock of all.
  const said = new RegExp(`^bots ${run} at ([0-9.]+)$`)
  const stops = readers.map(({ client, userId }) =>
    client.onEvent((event) => {
      if (event.type !== 'message.created' || event.message.chatId !== chatId) return
      const [, at] = said.exec(event.message.body) ?? []
      if (at === undefined || event.message.sender?.id === userId) return
      deliveryMs.push(machineNow() - Number(at))
    }),
  )

  async function send(bot: number) {
    const client = members.get(bot)?.client
    if (!client || chatId === null) return
    const body = `bots ${run} at ${machineNow()}`
    try {
      await client.rest.sendMessage(chatId, { clientId: randomUUID(), body })
      sent++
    } catch (error) {
      onError(error)
    }
  }

  return {
    /** Resolves with how many were sent, when all are answered; `start` by `performance.now()`. */
    async write(start: number, stop: AbortSignal): Promise<number> {
      const answers: Promise<void>[] = []
      for (const { at, bot } of chatId === null ? [] : own) {
        const wait = start + at - performance.now()
        if (wait > 0) await pause(wait, undefined, { signal: stop }).catch(() => {})
        if (stop.aborted) break
        answers.push(send(bot))
      }
      await Promise.all(answers)
      return sent
    },
    /** Wait until all that all processes have sent have come, for a while. */
    async settle(sentByAll: number) {
      expected = sentByAll * readers.length - sent
      const end = performance.now() + settleMs
      while (deliveryMs.length < expected && performance.now() < end) await pause(50)
      for (const stop of stops) stop()
    },
    result: () => ({ sent, deliveryMs, expected }),
  }
}
