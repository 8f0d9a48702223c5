import type { CallType } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import type { StoredFile } from '@beseda/protocol/files'
import type { Message } from '@beseda/protocol/messages'
import { can } from '@beseda/protocol/permissions'
import type { User } from '@beseda/protocol/users'
import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import { Lightbox } from '../attachments/Lightbox.tsx'
import { useCalls } from '../calls/context.tsx'
import { LazyEmojiPicker } from '../emoji/LazyEmojiPicker.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { createLeaders, roleOf } from '../members/leaders.ts'
import { useAttempt } from '../shell/attempt.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import type { MessageActions } from './actions.ts'
import { Composer } from './Composer.tsx'
import { createWriting } from './compose.ts'
import { createDeletions, undoMs } from './deletions.ts'
import { MessageList } from './MessageList.tsx'
import { MessageMenu } from './MessageMenu.tsx'
import { messageEntries } from './message-entries.tsx'
import { PinnedBar } from './PinnedBar.tsx'
import { TypingLine } from './TypingLine.tsx'
import { makeTypingSignal } from './typing.ts'

type Opened = { message: Message; anchor: DOMRect }

/** The messages of an open chat with everything that is done to them, and the composer. */
export function ChatMessages(props: {
  chat: Chat
  self: User
  draft: string
  onDraft: (draft: string) => void
  /** The message that the address names. */
  seq: number | null
}) {
  const { t } = useI18n()
  const client = useClient()
  const feedback = useFeedback()
  const attempt = useAttempt()
  const chatId = props.chat.id
  const conversation = client.chats.conversation(chatId)
  const state = fromStore(conversation.state)
  const writing = createWriting()
  const [menu, setMenu] = createSignal<Opened | null>(null)
  const [picker, setPicker] = createSignal<Opened | null>(null)
  const [pictures, setPictures] = createSignal<{ pictures: StoredFile[]; at: number } | null>(null)
  const [target, setTarget] = createSignal<{ seq: number } | null>(null)
  const [awaitsTarget, setAwaitsTarget] = createSignal(props.seq !== null)
  const calls = useCalls()
  const mayCall = () => !props.chat.call && can(props.chat.self, props.chat, { do: 'startCall' })
  const mayPost = () => can(props.chat.self, props.chat, { do: 'post' })
  const typing = makeTypingSignal(() => client.connection.send({ type: 'typing', chatId }))
  const leaders = createLeaders(client.rest, () => props.chat)
  let returning: Promise<void> | null = null

  /** What removes the word of each deletion that waits. */
  const toasts = new Map<string, () => void>()
  const deletions = createDeletions((messageId) => {
    toasts.get(messageId)?.()
    toasts.delete(messageId)
    void attempt(() => conversation.remove(messageId)).then(() => deletions.show(messageId))
  })
  const pins = createMemo(() => {
    const pinned = state().messages.filter((message) => message.pinnedAt !== null)
    const { lastMessage } = props.chat
    const said = lastMessage?.system?.event === 'message.pinned' ? lastMessage.id : ''
    return [said, ...pinned.map(({ id, editedAt }) => `${id} ${editedAt ?? ''}`)].join(' ')
  })

  const jump = async (seq: number) => {
    if (await attempt(() => conversation.openAround(seq))) setTarget({ seq })
    setAwaitsTarget(false)
  }
  const send = (body: string, attachments: StoredFile[], replyTo?: Message) => {
    const carried = { attachments, ...(replyTo && { replyTo }) }
    if (!state().hasNewer) return void conversation.send(body, carried)
    // What one writes stands at the end: go there first, several messages in their order.
    returning ??= conversation
      .showLatest()
      .catch(() => {})
      .finally(() => {
        returning = null
      })
    void returning.then(() => conversation.send(body, carried))
  }
  const submit = (body: string, attachments: StoredFile[]) => {
    const now = writing.writing()
    writing.cancel()
    typing.sent()
    if (now.kind !== 'edit') {
      return send(body, attachments, now.kind === 'reply' ? now.message : undefined)
    }
    if (body !== now.message.body) void attempt(() => conversation.edit(now.message.id, body))
  }
  const editLast = () => {
    const last = state().messages.findLast(
      ({ sender, system, deletedAt }) => sender?.id === props.self.id && !system && !deletedAt,
    )
    if (last) writing.edit(last)
  }
  const react = (message: Message, emoji: string) => {
    const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine)
    void attempt(() => conversation.react(message.id, emoji, !mine))
  }
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => feedback.done(t().messages.copied),
      () => feedback.problem(t().messages.copyFailed),
    )
  const remove = (message: Message) => {
    deletions.start(message.id)
    const dismiss = feedback.undoable(t().messages.deleted, t().messages.undone, undoMs, () =>
      deletions.undo(message.id),
    )
    toasts.set(message.id, dismiss)
  }
  const pin = (message: Message, on: boolean) =>
    void attempt(() => conversation.pin(message.id, on))
  const deeds = { reply: writing.reply, edit: writing.edit, pin, copy, remove }
  const actions: MessageActions = {
    retry: conversation.retry,
    discard: conversation.discard,
    reply: writing.reply,
    react,
    jump: (seq) => void jump(seq),
    openMenu: (message, anchor) => setMenu({ message, anchor }),
    openPicker: (message, anchor) => setPicker({ message, anchor }),
    get callBack() {
      return mayCall() ? (type: CallType) => void calls.start(chatId, type) : undefined
    },
    openPictures: (shown, at) => setPictures({ pictures: shown, at }),
  }
  // A marker that did not arrive moves with the next one.
  const seen = (seq: number) => void client.chats.markRead(chatId, seq).catch(() => {})
  createEffect(
    on(
      () => props.seq,
      (seq) => seq !== null && void jump(seq),
    ),
  )

  return (
    <>
      <PinnedBar
        chat={props.chat}
        version={pins()}
        mayPin={can(props.chat.self, props.chat, { do: 'pin' })}
        onUnpin={(message) => pin(message, false)}
        onOpen={(seq) => void jump(seq)}
      />
      <MessageList
        chat={props.chat}
        self={props.self}
        conversation={conversation}
        hidden={deletions.hidden()}
        target={target()}
        awaitsTarget={awaitsTarget()}
        mayReply={mayPost()}
        actions={actions}
        onSeen={seen}
      />
      <TypingLine chat={props.chat} />
      <Show when={mayPost()} fallback={<p class="composer__closed">{t().messages.readOnly}</p>}>
        <Composer
          chat={props.chat}
          draft={props.draft}
          writing={writing.writing()}
          onDraft={props.onDraft}
          onTyping={typing.signal}
          onSend={submit}
          onReply={writing.reply}
          onEditLast={editLast}
          onCancel={writing.cancel}
        />
      </Show>
      <Show keyed when={pictures()}>
        {(shown) => <Lightbox {...shown} onClose={() => setPictures(null)} />}
      </Show>
      <Show keyed when={menu()}>
        {({ message, anchor }) => (
          <MessageMenu
            message={message}
            anchor={anchor}
            entries={messageEntries(
              t(),
              {
                chat: props.chat,
                message,
                selfId: props.self.id,
                senderRole: roleOf(props.chat, leaders(), message.sender?.id ?? ''),
              },
              deeds,
            )}
            onReact={(emoji) => react(message, emoji)}
            onMore={() => setPicker({ message, anchor })}
            onClose={() => setMenu(null)}
          />
        )}
      </Show>
      <Show keyed when={picker()}>
        {({ message, anchor }) => (
          <LazyEmojiPicker
            anchor={anchor}
            onPick={(emoji) => {
              setPicker(null)
              react(message, emoji)
            }}
            onClose={() => setPicker(null)}
          />
        )}
      </Show>
    </>
  )
}
