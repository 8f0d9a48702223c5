import type { Client } from '@beseda/client/client'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { fromStore } from './client.tsx'

/** Without a touch for this long, one counts as away. */
const idleAfterMs = 5 * 60_000

const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focus'] as const

/** Whether nobody has touched the page for a while. */
function createIdle() {
  const [idle, setIdle] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const touched = () => {
    clearTimeout(timer)
    setIdle(false)
    timer = setTimeout(() => setIdle(true), idleAfterMs)
  }
  for (const sign of signs) addEventListener(sign, touched, { passive: true })
  touched()
  onCleanup(() => {
    clearTimeout(timer)
    for (const sign of signs) removeEventListener(sign, touched)
  })
  return idle
}

/** Tell the server when the user goes idle and comes back; whoever is in a call is there. */
export function tellPresence({ connection, calls }: Client): void {
  const idle = createIdle()
  const state = fromStore(connection.state)
  const call = fromStore(calls.current)
  let told: 'online' | 'away' = 'online'
  createEffect(() => {
    // A new connection begins as online.
    if (state().status !== 'online') {
      told = 'online'
      return
    }
    const status = idle() && !call() ? 'away' : 'online'
    if (status !== told) connection.send({ type: 'presence', status })
    told = status
  })
}
