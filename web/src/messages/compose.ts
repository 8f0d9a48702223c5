import type { Message } from '@beseda/protocol/messages'
import { createSignal } from 'solid-js'

/** What is being written: a message, an answer to one, or another wording of an own one. */
export type Writing =
  | { kind: 'new' }
  | { kind: 'reply'; message: Message }
  | { kind: 'edit'; message: Message }

/** Which of them it is now. */
export function createWriting() {
  const [writing, setWriting] = createSignal<Writing>({ kind: 'new' })
  return {
    writing,
    reply: (message: Message) => setWriting({ kind: 'reply', message }),
    edit: (message: Message) => setWriting({ kind: 'edit', message }),
    cancel: () => setWriting({ kind: 'new' }),
  }
}

/**
 * Make a text field as high as its text. Its parent keeps its height while that is
 * measured: a field that shrank for an instant would move the messages above it.
 */
export function fitHeight(area: HTMLTextAreaElement): void {
  const box = area.parentElement
  if (box) box.style.height = `${box.offsetHeight}px`
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight}px`
  if (box) box.style.height = ''
}
