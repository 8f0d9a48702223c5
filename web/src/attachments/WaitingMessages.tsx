import './Tray.css'
import Clock from 'lucide-solid/icons/clock-3'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import Undo from 'lucide-solid/icons/undo-2'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { useAttachments } from './context.tsx'
import { type Desk, hasFailed, sentPart, type Waiting } from './desk.ts'
import { sizeText } from './file-name.ts'
import { ProgressBar } from './ProgressBar.tsx'
import { problemText } from './problem.ts'
import { canRetry, fits, type Written } from './trays.ts'
import { carriedText } from './words.ts'

/** Messages that are written and go once their files are uploaded. */
export function WaitingMessages(props: {
  chatId: string
  desk: Desk
  onTakeBack: (written: Written) => void
}) {
  const { t } = useI18n()
  const { trays } = useAttachments()
  const takeBack = (waitingId: string) => {
    const written = trays.takeBack(props.chatId, waitingId)
    if (written) props.onTakeBack(written)
  }
  return (
    <Show when={props.desk.waiting.length > 0}>
      <ul class="waiting" aria-label={t().attachments.waitingList}>
        <Keyed each={props.desk.waiting} by={({ id }) => id}>
          {(waiting) => (
            <WaitingMessage
              waiting={waiting()}
              mayTakeBack={fits(props.desk.tray, waiting())}
              onRetry={() => trays.retryWaiting(props.chatId, waiting().id)}
              onTakeBack={() => takeBack(waiting().id)}
            />
          )}
        </Keyed>
      </ul>
    </Show>
  )
}

function WaitingMessage(props: {
  waiting: Waiting
  mayTakeBack: boolean
  onRetry: () => void
  onTakeBack: () => void
}) {
  const { t, language } = useI18n()
  const { maxBytes } = useAttachments()
  const text = () => carriedText(t(), props.waiting.uploads, props.waiting.body)
  const problems = () =>
    props.waiting.uploads.flatMap(({ name, state }) =>
      state.is === 'failed'
        ? [`${name}: ${problemText(t(), state.problem, sizeText(maxBytes() ?? 0, language()))}`]
        : [],
    )
  return (
    <li class="waiting__message">
      <Clock aria-hidden="true" />
      <span class="waiting__text">
        <span dir="auto">{text()}</span>
        <Show
          when={hasFailed(props.waiting.uploads)}
          fallback={<span class="waiting__note">{t().attachments.waiting}</span>}
        >
          <span class="tray__problem" role="alert">
            {problems().join(' ')}
          </span>
        </Show>
        <ProgressBar
          label={t().attachments.uploading(text())}
          part={sentPart(props.waiting.uploads)}
        />
      </span>
      <Show when={canRetry(props.waiting)}>
        <IconButton label={t().attachments.retry(text())} size="small" onClick={props.onRetry}>
          <RotateCw aria-hidden="true" />
        </IconButton>
      </Show>
      <Show when={props.mayTakeBack}>
        <IconButton label={t().attachments.takeBack} size="small" onClick={props.onTakeBack}>
          <Undo aria-hidden="true" />
        </IconButton>
      </Show>
    </li>
  )
}
