import './ListEnd.css'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'

/** Room at an end of the list where more messages will stand, in pixels. */
export const endRoom = 148

/** An end of the list beyond which there are more messages: on their way, or not to be had. */
export function ListEnd(props: {
  side: 'older' | 'newer'
  loading: boolean
  failed: boolean
  onRetry: () => void
}) {
  const { t } = useI18n()
  const words = () =>
    props.side === 'older'
      ? { loading: t().messages.older, failed: t().messages.olderFailed }
      : { loading: t().messages.newer, failed: t().messages.newerFailed }
  return (
    <div
      class="list-end"
      classList={{ 'list-end--newer': props.side === 'newer' }}
      style={{ height: `${endRoom}px` }}
    >
      <Show
        when={props.failed}
        fallback={
          <>
            <Show when={props.loading}>
              <span class="hidden-visually" role="status">
                {words().loading}
              </span>
            </Show>
            <Skeleton width="42%" height="44px" />
            <Skeleton width="30%" height="44px" />
          </>
        }
      >
        <p class="list-end__failed" role="alert">
          <span>{words().failed}</span>
          <button type="button" onClick={props.onRetry}>
            {t().app.retry}
          </button>
        </p>
      </Show>
    </div>
  )
}
