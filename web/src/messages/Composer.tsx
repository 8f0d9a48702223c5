import './Composer.css'
import type { Chat } from '@beseda/protocol/chats'
import type { StoredFile } from '@beseda/protocol/files'
import { limits } from '@beseda/protocol/limits'
import type { Message } from '@beseda/protocol/messages'
import type { User } from '@beseda/protocol/users'
import Check from 'lucide-solid/icons/check'
import Smile from 'lucide-solid/icons/face-slightly-smiling'
import SendHorizontal from 'lucide-solid/icons/send-horizontal'
import { createEffect, createSignal, createUniqueId, on, onMount, Show } from 'solid-js'
import { AttachButton } from '../attachments/AttachButton.tsx'
import { useAttachments } from '../attachments/context.tsx'
import { DropZone } from '../attachments/DropZone.tsx'
import { emptyDesk, hasFailed } from '../attachments/desk.ts'
import { Tray } from '../attachments/Tray.tsx'
import type { Picked, Written } from '../attachments/trays.ts'
import { WaitingMessages } from '../attachments/WaitingMessages.tsx'
import { LazyEmojiPicker } from '../emoji/LazyEmojiPicker.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore } from '../shell/client.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { fitHeight, type Writing } from './compose.ts'
import { createMentions, MentionList } from './MentionList.tsx'
import { completeMention, mentionAt } from './mention-query.ts'
import { WritingBar } from './WritingBar.tsx'

/** From here on the writer is told how much is left. */
const warnFrom = limits.messageBodyMax - 300

/**
 * Where a message is written: Enter sends, Shift+Enter begins a line, Up changes
 * the last one. What is sent before its files are uploaded waits for them.
 */
export function Composer(props: {
  chat: Chat
  draft: string
  writing: Writing
  onDraft: (draft: string) => void
  onTyping: () => void
  /** The files are uploaded already. */
  onSend: (body: string, attachments: StoredFile[]) => void
  onReply: (message: Message) => void
  onEditLast: () => void
  onCancel: () => void
}) {
  const { t } = useI18n()
  const { trays } = useAttachments()
  const desks = fromStore(trays.desks)
  const listId = createUniqueId()
  const [text, setText] = createSignal(props.draft)
  const [mention, setMention] = createSignal<ReturnType<typeof mentionAt>>(null)
  const [picker, setPicker] = createSignal<DOMRect | null>(null)
  let smile: HTMLSpanElement | undefined
  /** The picker stands at its button, above the composer. */
  const overButton = () => {
    const [button, frame] = [smile, box].map((one) => one?.getBoundingClientRect())
    return button && frame ? new DOMRect(button.x, frame.y, button.width, frame.height) : null
  }
  /** The files that were picked last did not all find room. */
  const [leftOut, setLeftOut] = createSignal(false)
  let area: HTMLTextAreaElement | undefined
  let box: HTMLDivElement | undefined

  const left = () => limits.messageBodyMax - text().trim().length
  const isEdit = () => props.writing.kind === 'edit'
  const desk = () => desks()[props.chat.id] ?? emptyDesk
  /** The files of the message that is written; an edit leaves those of the message alone. */
  const uploads = () => (isEdit() ? [] : desk().tray)
  const carriesFiles = () =>
    props.writing.kind === 'edit'
      ? props.writing.message.attachments.length > 0
      : uploads().length > 0
  const ready = () =>
    (text().trim() !== '' || carriesFiles()) && left() >= 0 && !hasFailed(uploads())
  const target = () => (props.writing.kind === 'new' ? null : props.writing)
  const change = (next: string) => {
    setText(next)
    if (!isEdit()) props.onDraft(next)
  }
  const write = (next: string, caret: number) => {
    change(next)
    setMention(null)
    area?.focus()
    area?.setSelectionRange(caret, caret)
  }
  const pick = (user: User) => {
    const found = mention()
    if (!found) return
    const done = completeMention(text(), found, user.username)
    write(done.text, done.caret)
  }
  const mentions = createMentions({
    chat: () => props.chat,
    query: () => mention()?.query ?? null,
    onPick: pick,
  })
  const insert = (emoji: string) => {
    setPicker(null)
    const at = area?.selectionStart ?? text().length
    const end = area?.selectionEnd ?? at
    write(text().slice(0, at) + emoji + text().slice(end), at + emoji.length)
  }
  const submit = () => {
    area?.focus()
    if (!ready()) return
    const body = text().trim()
    const { writing } = props
    const replyTo = writing.kind === 'reply' ? writing.message : null
    const files = uploads().length > 0 ? trays.post(props.chat.id, { body, replyTo }) : []
    if (files) props.onSend(body, files)
    else props.onCancel()
    setMention(null)
    if (writing.kind !== 'edit') change('')
  }
  const attach = (picked: Picked[]) => {
    setLeftOut(trays.add(props.chat.id, picked) > 0)
    area?.focus()
  }
  const takeBack = ({ body, replyTo }: Written) => {
    const both = [body, text()].filter((part) => part.trim() !== '').join('\n')
    if (replyTo) props.onReply(replyTo)
    write(both, both.length)
  }
  const giveUp = () => {
    if (mention()) setMention(null)
    else props.onCancel()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.onKey(event) || event.isComposing) return
    if (event.key === 'Escape') giveUp()
    else if (event.key === 'ArrowUp' && text() === '') {
      event.preventDefault()
      props.onEditLast()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      submit()
    }
  }
  const onInput = (field: HTMLTextAreaElement) => {
    change(field.value)
    setMention(mentionAt(field.value, field.selectionStart))
    if (field.value.trim() !== '' && !isEdit()) props.onTyping()
  }

  createEffect(
    on(
      () => props.writing,
      (now, before) => {
        if (now.kind === 'edit') setText(now.message.body)
        else if (before?.kind === 'edit') setText(props.draft)
        area?.focus()
      },
      { defer: true },
    ),
  )
  createEffect(() => {
    text()
    if (!area) return
    fitHeight(area)
  })
  onMount(() => {
    // On a touch screen the focus would bring up the keyboard over the messages.
    if (matchMedia('(pointer: fine)').matches) area?.focus()
  })

  return (
    <>
      <Show when={!isEdit()}>
        <WaitingMessages chatId={props.chat.id} desk={desk()} onTakeBack={takeBack} />
        <DropZone field={() => area} onFiles={attach} />
      </Show>
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <div class="composer__box" ref={box}>
          <Show when={mentions.users().length > 0}>
            <MentionList id={listId} users={mentions.users()} at={mentions.at()} onPick={pick} />
          </Show>
          <Show when={target()}>
            {(writing) => <WritingBar writing={writing()} onCancel={props.onCancel} />}
          </Show>
          <Show when={!isEdit()}>
            <Tray
              chatId={props.chat.id}
              uploads={uploads()}
              leftOut={leftOut()}
              onEmptied={() => area?.focus()}
            />
          </Show>
          <div class="composer__line">
            <Show when={!isEdit()}>
              <AttachButton onPick={attach} />
            </Show>
            <textarea
              ref={area}
              rows={1}
              dir="auto"
              enterkeyhint="send"
              aria-label={t().messages.placeholder}
              placeholder={t().messages.placeholder}
              aria-controls={mentions.users().length > 0 ? listId : undefined}
              aria-activedescendant={
                mentions.users().length > 0 ? `${listId}-${mentions.at()}` : undefined
              }
              value={text()}
              onInput={(event) => onInput(event.currentTarget)}
              onKeyDown={onKeyDown}
              onBlur={() => setMention(null)}
            />
            <Show when={text().length > warnFrom}>
              <span class="composer__left" classList={{ 'composer__left--over': left() < 0 }}>
                <span aria-hidden="true">{left()}</span>
                <span class="hidden-visually" role="status">
                  {t().messages.left(left())}
                </span>
              </span>
            </Show>
            <span ref={smile}>
              <IconButton
                label={t().emoji.open}
                expanded={picker() !== null}
                onClick={() => setPicker(overButton())}
              >
                <Smile aria-hidden="true" />
              </IconButton>
            </span>
          </div>
        </div>
        <IconButton
          type="submit"
          label={isEdit() ? t().messages.saveEdit : t().messages.send}
          look="primary"
          disabled={!ready()}
        >
          <Show when={isEdit()} fallback={<SendHorizontal aria-hidden="true" />}>
            <Check aria-hidden="true" />
          </Show>
        </IconButton>
        <Show when={picker()}>
          {(anchor) => (
            <LazyEmojiPicker
              anchor={anchor()}
              onPick={insert}
              onClose={() => {
                setPicker(null)
                area?.focus()
              }}
            />
          )}
        </Show>
      </form>
    </>
  )
}
