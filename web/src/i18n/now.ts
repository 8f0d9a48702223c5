import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** The time of now, renewed every `periodMs` while the owner lives. */
export function createNow(periodMs: number): Accessor<Date> {
  const [now, setNow] = createSignal(new Date())
  const timer = setInterval(() => setNow(new Date()), periodMs)
  onCleanup(() => clearInterval(timer))
  return now
}
