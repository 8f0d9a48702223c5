import './MessageBubble.css'
import type { User } from '@beseda/protocol/users'
import Check from 'lucide-solid/icons/check'
import CheckCheck from 'lucide-solid/icons/check-check'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import Clock from 'lucide-solid/icons/clock-3'
import Pin from 'lucide-solid/icons/pin'
import { Match, Show, Switch } from 'solid-js'
import { MessageFiles } from '../attachments/MessageFiles.tsx'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { hueOf } from '../ui/initials.ts'
import type { MessageActions } from './actions.ts'
import { MessageText } from './MessageText.tsx'
import { MessageTools } from './MessageTools.tsx'
import { makePress } from './press.ts'
import { QuoteView } from './QuoteView.tsx'
import { Reactions } from './Reactions.tsx'
import type { MessageRow } from './rows.ts'

/** One message of a person. */
export function MessageBubble(props: {
  row: MessageRow
  /** Show who wrote it, as in a group. */
  named: boolean
  self: User
  /** The furthest that anybody else has read. */
  othersReadSeq: number
  mayReply: boolean
  /** Stand out for a moment. */
  marked: boolean
  actions: MessageActions
}) {
  const { t, times } = useI18n()
  const name = () => (props.row.own ? t().chats.you : (props.row.sender?.displayName ?? ''))
  const showsFace = () => props.named && !props.row.own
  const hasText = () => props.row.body.trim() !== '' || !!props.row.message?.deletedAt
  const isPictures = () =>
    !hasText() &&
    props.row.attachments.length > 0 &&
    props.row.attachments.every(({ kind }) => kind === 'image')
  /** The message while something can be done with it. */
  const live = () => (props.row.message?.deletedAt === null ? props.row.message : null)
  const press = makePress((at) => {
    const message = live()
    if (message) props.actions.openMenu(message, at)
  })
  return (
    <div
      class="message"
      classList={{
        'message--own': props.row.own,
        'message--first': props.row.first,
        'message--last': props.row.last,
        'message--failed': props.row.state === 'failed',
        'message--marked': props.marked,
      }}
    >
      <Show when={showsFace()}>
        <span class="message__face">
          <Show when={props.row.last && props.row.sender}>
            {(sender) => <Avatar {...userFace(sender())} size="s" />}
          </Show>
        </span>
      </Show>
      <article
        class="message__bubble"
        classList={{ 'message__bubble--pictures': isPictures() }}
        aria-label={t().messages.at(name(), times().time(props.row.at))}
        {...press}
      >
        <Show when={showsFace() && props.row.first}>
          <p class="message__name" data-hue={hueOf(props.row.sender?.id ?? '')} dir="auto">
            {name()}
          </p>
        </Show>
        <Show when={props.row.replyTo}>
          {(quote) => <QuoteView quote={quote()} onOpen={props.actions.jump} />}
        </Show>
        <Show when={props.row.attachments.length > 0}>
          <MessageFiles files={props.row.attachments} onOpen={props.actions.openPictures} />
        </Show>
        <div class="message__body" dir="auto">
          <Show when={hasText()}>
            <BubbleText row={props.row} self={props.self} />
          </Show>
          <Meta row={props.row} othersReadSeq={props.othersReadSeq} />
        </div>
        <Show when={live()}>
          {(message) => (
            <MessageTools message={message()} mayReply={props.mayReply} actions={props.actions} />
          )}
        </Show>
      </article>
      <Show when={live()}>
        {(message) => (
          <Reactions
            message={message()}
            onToggle={(emoji) => props.actions.react(message(), emoji)}
          />
        )}
      </Show>
      <Show when={props.row.state === 'failed' && props.row.clientId}>
        {(clientId) => (
          <FailedActions
            error={props.row.error}
            onRetry={() => props.actions.retry(clientId())}
            onDiscard={() => props.actions.discard(clientId())}
          />
        )}
      </Show>
    </div>
  )
}

function BubbleText(props: { row: MessageRow; self: User }) {
  const { t } = useI18n()
  const mentions = () => props.row.message?.mentions ?? []
  return (
    <Show
      when={!props.row.message?.deletedAt}
      fallback={<em class="message__deleted">{t().messages.deleted}</em>}
    >
      <MessageText
        text={props.row.body}
        mentions={mentions().length > 0}
        mentionsSelf={mentions().includes(props.self.id) ? props.self.username : null}
      />
    </Show>
  )
}

/** When it was written, and what became of it. */
function Meta(props: { row: MessageRow; othersReadSeq: number }) {
  const { t, times } = useI18n()
  const isRead = () => (props.row.message?.seq ?? Number.POSITIVE_INFINITY) <= props.othersReadSeq
  return (
    <span class="message__meta">
      <Show when={props.row.message?.pinnedAt}>
        <Pin class="message__pin" aria-label={t().messages.pinned} />
      </Show>
      <Show when={props.row.message?.editedAt && !props.row.message.deletedAt}>
        <span>{t().messages.edited}</span>
      </Show>
      <time datetime={props.row.at}>{times().time(props.row.at)}</time>
      <Show when={props.row.own}>
        <DeliveryMark state={isRead() ? 'read' : props.row.state} />
      </Show>
    </span>
  )
}

function DeliveryMark(props: { state: MessageRow['state'] | 'read' }) {
  const { t } = useI18n()
  return (
    <span class="message__mark">
      <Switch>
        <Match when={props.state === 'sending'}>
          <Clock aria-hidden="true" />
          <span class="hidden-visually">{t().messages.sending}</span>
        </Match>
        <Match when={props.state === 'read'}>
          <CheckCheck aria-hidden="true" />
          <span class="hidden-visually">{t().messages.read}</span>
        </Match>
        <Match when={props.state === 'sent'}>
          <Check aria-hidden="true" />
          <span class="hidden-visually">{t().messages.sent}</span>
        </Match>
        <Match when={props.state === 'failed'}>
          <CircleAlert aria-hidden="true" />
        </Match>
      </Switch>
    </span>
  )
}

function FailedActions(props: {
  error: string | null
  onRetry: () => void
  onDiscard: () => void
}) {
  const { t } = useI18n()
  const reason = () => {
    const words: Record<string, string> = t().errors
    return words[props.error ?? ''] ?? ''
  }
  return (
    <p class="message__failed" role="alert">
      <span>
        {t().messages.failed}. {reason()}
      </span>
      <button type="button" onClick={props.onRetry}>
        {t().app.retry}
      </button>
      <button type="button" onClick={props.onDiscard}>
        {t().messages.discard}
      </button>
    </p>
  )
}
