import './CallHistory.css'
import type { CallRecord } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import Phone from 'lucide-solid/icons/phone'
import PhoneMissed from 'lucide-solid/icons/phone-missed'
import Video from 'lucide-solid/icons/video'
import { createSignal, For, Match, onMount, Show, Switch } from 'solid-js'
import { ChatRowSkeletons } from '../chats/ChatRows.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Modal } from '../ui/Modal.tsx'
import { namesOf, outcomeText } from './call-outcome.ts'

const pageSize = 20

/** The calls of a chat: who, when, how long, and what became of them. */
export default function CallHistory(props: { chat: Chat; selfId: string; onClose: () => void }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const [calls, setCalls] = createSignal<CallRecord[] | null>(null)
  const [cursor, setCursor] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(true)
  const [failure, setFailure] = createSignal<unknown>(null)

  const load = async () => {
    setBusy(true)
    setFailure(null)
    const from = cursor()
    const query = { limit: pageSize, ...(from !== null && { cursor: from }) }
    try {
      const page = await rest.callLog(props.chat.id, query)
      setCalls([...(calls() ?? []), ...page.items])
      setCursor(page.nextCursor)
    } catch (error) {
      setFailure(error)
    }
    setBusy(false)
  }
  onMount(() => void load())

  return (
    <Modal open title={t().calls.history.title} closeLabel={t().app.close} onClose={props.onClose}>
      <div class="call-history" aria-busy={busy()}>
        <Switch>
          <Match when={calls()?.length === 0}>
            <EmptyState icon={<Phone />} title={t().calls.history.none} />
          </Match>
          <Match when={calls()}>
            {(known) => (
              <ul aria-label={t().calls.history.title}>
                <For each={known()}>{(call) => <Row call={call} selfId={props.selfId} />}</For>
              </ul>
            )}
          </Match>
          <Match when={busy()}>
            <ChatRowSkeletons />
          </Match>
        </Switch>
        <Show when={failure()}>
          {(error) => (
            <div class="chat-list__note" role="alert">
              <p>{errorText(t(), error())}</p>
              <RetryButton error={error()} onRetry={() => void load()} />
            </div>
          )}
        </Show>
        <Show when={cursor() !== null && failure() === null}>
          <Button wide busy={busy()} onClick={() => void load()}>
            {t().group.more}
          </Button>
        </Show>
      </div>
    </Modal>
  )
}

function Row(props: { call: CallRecord; selfId: string }) {
  const { t, times } = useI18n()
  const bad = () => props.call.outcome !== null && props.call.outcome !== 'ended'
  const icon = () => {
    if (bad()) return <PhoneMissed aria-hidden="true" />
    return props.call.type === 'video' ? <Video aria-hidden="true" /> : <Phone aria-hidden="true" />
  }
  const starter = () => props.call.initiator?.displayName ?? t().calls.history.somebody
  const who = () => namesOf(props.call).join(', ')
  return (
    <li class="call-history__row" classList={{ 'call-history__row--bad': bad() }}>
      {icon()}
      <span class="call-history__text">
        <strong>{t().calls.history.by(starter(), props.call.type === 'video')}</strong>
        <span>
          {times().moment(props.call.createdAt)} · {outcomeText(t(), props.call, props.selfId)}
        </span>
        <Show when={who()}>
          <span>{t().calls.history.with(who())}</span>
        </Show>
      </span>
    </li>
  )
}
