import './MessageList.css'
import type { Conversation } from '@beseda/client/conversation'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import ArrowDown from 'lucide-solid/icons/arrow-down'
import MessageCircle from 'lucide-solid/icons/message-circle'
import {
  createEffect,
  createMemo,
  createRenderEffect,
  createSignal,
  Match,
  on,
  onCleanup,
  onMount,
  Show,
  Switch,
} from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { fromStore } from '../shell/client.tsx'
import { createVisibility } from '../shell/visibility.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { mapKeyed } from '../ui/Keyed.tsx'
import { Arrivals } from './Arrivals.tsx'
import type { MessageActions } from './actions.ts'
import { arrange } from './arrange.ts'
import { endRoom, ListEnd } from './ListEnd.tsx'
import { MessageSkeletons } from './MessageSkeletons.tsx'
import { MessageSlot, type SlotLook } from './MessageSlot.tsx'
import { createPaging } from './paging.ts'
import { toRows } from './rows.ts'
import { createScroll } from './scroll.ts'
import { createSlotFocus } from './slot-focus.ts'
import { toSlots } from './slots.ts'
import type { Held } from './virtual-slots.ts'

/** How long a message that was jumped to stands out, in milliseconds. */
const markedMs = 2_500
/** Room above the first message of a chat and below the last, in pixels. */
const room = { above: 12, below: 8 }

/** The messages of one chat, newest at the bottom; history comes as one scrolls. */
export function MessageList(props: {
  chat: Chat
  self: User
  conversation: Conversation
  /** Messages that are about to be deleted. */
  hidden: ReadonlySet<string>
  /** Where to go; a new object goes there again. */
  target: { seq: number } | null
  /** A `target` is on its way, and the first place to go. */
  awaitsTarget: boolean
  mayReply: boolean
  actions: MessageActions
  /** What stands up to here has been in sight. */
  onSeen: (seq: number) => void
}) {
  const { t, times } = useI18n()
  const now = createNow(60_000)
  const conversation = props.conversation
  const state = fromStore(conversation.state)
  const isVisible = createVisibility()
  const paging = createPaging(conversation)
  const [marked, setMarked] = createSignal<number | null>(null)
  const unreadAfter = props.chat.unreadCount > 0 ? props.chat.self.readSeq : null
  let box: HTMLDivElement | undefined
  const [opened, setOpened] = createSignal(false)
  let isPlaced = false

  const held = createMemo<Held>((before) => {
    const { messages, pending, hasOlder, hasNewer } = state()
    const shown = messages.filter((message) => !props.hidden.has(message.id))
    const rows = toRows({ messages: shown, pending, self: props.self, unreadAfter })
    return {
      slots: toSlots(rows),
      hasNewer,
      // A page that is put at the end of the run is not what its reader waited for.
      follows: !before?.hasNewer,
      above: hasOlder ? endRoom : room.above,
      below: hasNewer ? endRoom : room.below,
    }
  })
  const focus = createSlotFocus((index) => held().slots[index]?.key)
  const scroll = createScroll({
    held,
    kept: focus.kept,
    onNearTop: paging.older.near,
    onNearEnd: paging.newer.near,
    onSeen: (seq) => isPlaced && isVisible() && props.onSeen(seq),
  })
  const isEmpty = () => state().status === 'ready' && held().slots.length === 0
  const atLatest = () => scroll.atEnd() && !state().hasNewer
  const missed = createMemo(() => (atLatest() ? 0 : props.chat.unreadCount))
  const look: SlotLook = {
    get now() {
      return now()
    },
    get named() {
      return props.chat.type !== 'personal'
    },
    get self() {
      return props.self
    },
    get othersReadSeq() {
      return props.chat.othersReadSeq
    },
    get mayReply() {
      return props.mayReply
    },
    get marked() {
      return marked()
    },
    get actions() {
      return props.actions
    },
  }
  const toLatest = async () => {
    if (!state().hasNewer) return scroll.toEnd()
    await conversation.showLatest().catch(() => {})
    scroll.toEnd()
  }
  const holdFocus = () => box?.focus({ preventScroll: true })
  /** A jump from a row of the list goes on from where it led. */
  const focusSlot = (seq: number) => {
    const active = document.activeElement
    if (active !== document.body && !box?.contains(active)) return
    box?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)?.focus({ preventScroll: true })
  }

  /** Fetch what the list opens with; an earlier visit may have left it elsewhere. */
  const open = async () => {
    const { status, messages, hasNewer } = state()
    const from = unreadAfter === null ? props.chat.lastSeq : unreadAfter + 1
    if (status !== 'ready') void conversation.load()
    else if ((messages[0]?.seq ?? 0) > from || hasNewer) {
      const going = unreadAfter === null ? conversation.showLatest() : conversation.openAround(from)
      await going.catch(() => {})
    }
    setOpened(true)
  }

  const rows = mapKeyed(
    scroll.list.placed,
    ({ slot }) => slot.key,
    (placed) => (
      <MessageSlot
        placed={placed()}
        look={look}
        under={scroll.moving() && scroll.view().under === placed().slot.key}
        onMount={scroll.list.measure}
        onFocusLost={holdFocus}
      />
    ),
  )
  const show = (list: HTMLOListElement) =>
    createRenderEffect(() =>
      arrange(
        list,
        rows().filter((row) => row instanceof Element),
      ),
    )

  onMount(() => box && scroll.attach(box))
  createEffect(
    on(
      () => props.awaitsTarget,
      (awaits) => !awaits && !isPlaced && void open(),
    ),
  )
  createEffect(() => {
    const { slots } = held()
    if (isPlaced || !opened() || slots.length === 0) return
    isPlaced = true
    if (!scroll.reveal((slot) => slot.unread)) scroll.toEnd()
  })
  createEffect(
    on(
      () => props.target,
      (target) => {
        if (!target) return
        isPlaced = true
        scroll.reveal((slot) => slot.seq === target.seq)
        setMarked(target.seq)
        // Once its row is on the page.
        queueMicrotask(() => focusSlot(target.seq))
        const timer = setTimeout(() => setMarked(null), markedMs)
        onCleanup(() => clearTimeout(timer))
      },
    ),
  )
  // One's own message is always brought into sight.
  createEffect(
    on(
      () => state().pending.length,
      (count, before) => {
        if (before !== undefined && count > before) scroll.toEnd()
      },
    ),
  )
  createEffect(() => isVisible() && scroll.lookSoon())

  return (
    <div class="message-list">
      <div class="message-list__scroll" ref={box} tabindex={-1} onScroll={scroll.onScroll}>
        <Switch>
          <Match when={isEmpty()}>
            <EmptyState
              icon={<MessageCircle />}
              title={t().messages.empty}
              text={t().messages.emptyText}
            />
          </Match>
          <Match when={state().status === 'loading' && held().slots.length === 0}>
            <MessageSkeletons />
          </Match>
          <Match when={state().status === 'failed' && held().slots.length === 0}>
            <div class="message-list__failed" role="alert">
              <p>{t().messages.loadFailed}</p>
              <Button onClick={() => void conversation.load()}>{t().app.retry}</Button>
            </div>
          </Match>
        </Switch>
        <div
          class="message-list__rows"
          role="log"
          aria-live="off"
          aria-label={t().messages.log}
          style={{ height: `${scroll.list.height()}px` }}
          onFocusIn={focus.onFocusIn}
          onKeyDown={focus.onKeyDown}
          on:play={{ handleEvent: focus.onPlay, capture: true }}
        >
          <Show when={held().above === endRoom}>
            <ListEnd
              side="older"
              loading={state().loadingOlder}
              failed={paging.older.failed()}
              onRetry={paging.older.retry}
            />
          </Show>
          <ol ref={show} />
          <Show when={held().hasNewer}>
            <ListEnd
              side="newer"
              loading={state().loadingNewer}
              failed={paging.newer.failed()}
              onRetry={paging.newer.retry}
            />
          </Show>
        </div>
      </div>
      <Show when={scroll.moving() && scroll.view().day}>
        {(day) => (
          <p
            class="message-list__day message-list__day--floating"
            aria-hidden="true"
            style={{ transform: `translateY(${-scroll.view().push}px)` }}
          >
            <time datetime={day()}>{times().dayHeading(day(), now())}</time>
          </p>
        )}
      </Show>
      <Arrivals conversation={conversation} selfId={props.self.id} />
      <Show when={!atLatest()}>
        <button
          type="button"
          class="message-list__latest"
          aria-label={t().messages.toLatest}
          onClick={() => void toLatest()}
        >
          <ArrowDown aria-hidden="true" />
          <Show when={missed() > 0}>
            <span class="chat-row__unread" aria-hidden="true">
              {missed()}
            </span>
          </Show>
        </button>
      </Show>
    </div>
  )
}
