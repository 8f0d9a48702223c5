import './MessageList.css'
import type { User } from '@beseda/protocol/users'
import { createMemo, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { sameFields } from '../ui/Keyed.tsx'
import type { MessageActions } from './actions.ts'
import { MessageBubble } from './MessageBubble.tsx'
import { SystemLine } from './SystemLine.tsx'
import type { Slot } from './slots.ts'
import type { Placed } from './virtual-slots.ts'

/** What every slot of a list shows alike. */
export type SlotLook = {
  now: Date
  /** Show who wrote a message, as in a group. */
  named: boolean
  self: User
  othersReadSeq: number
  mayReply: boolean
  /** The `seq` of the message that stands out. */
  marked: number | null
  actions: MessageActions
}

/** A message or a system line in its place in the list, with the headings above it. */
export function MessageSlot(props: {
  placed: Placed
  look: SlotLook
  /** The heading of its day stands at the top of the view instead. */
  under: boolean
  onMount: (element: HTMLElement) => void
  /** It goes away while it has the focus. */
  onFocusLost: () => void
}) {
  const { t, times } = useI18n()
  const slot = () => props.placed.slot
  const row = createMemo<Slot['row']>(() => slot().row, slot().row, { equals: sameFields })
  const message = () => {
    const now = row()
    return now.kind === 'message' ? now : null
  }
  const system = () => {
    const now = row()
    return now.kind === 'system' ? now : null
  }
  let element: HTMLLIElement | undefined
  onMount(() => element && props.onMount(element))
  onCleanup(() => element?.contains(document.activeElement) && props.onFocusLost())
  return (
    <li
      ref={element}
      class="message-list__slot"
      style={{ top: `${props.placed.top}px` }}
      tabindex={-1}
      data-index={props.placed.index}
      data-seq={slot().seq ?? undefined}
    >
      <Show when={slot().day}>
        {(day) => (
          <p class="message-list__day" classList={{ 'message-list__day--under': props.under }}>
            <time datetime={day()}>{times().dayHeading(day(), props.look.now)}</time>
          </p>
        )}
      </Show>
      <Show when={slot().unread}>
        <p class="message-list__unread">
          <span>{t().messages.unread}</span>
        </p>
      </Show>
      <Switch>
        <Match when={message()}>
          {(one) => (
            <MessageBubble
              row={one()}
              named={props.look.named}
              self={props.look.self}
              othersReadSeq={props.look.othersReadSeq}
              mayReply={props.look.mayReply}
              marked={props.look.marked !== null && props.look.marked === slot().seq}
              actions={props.look.actions}
            />
          )}
        </Match>
        <Match when={system()}>
          {(one) => (
            <SystemLine
              system={one().system}
              at={one().at}
              onCallBack={props.look.actions.callBack}
            />
          )}
        </Match>
      </Switch>
    </li>
  )
}
