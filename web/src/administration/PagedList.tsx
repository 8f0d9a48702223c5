import { type JSX, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { errorText } from '../shell/error-text.ts'
import { Placeholders } from '../shell/Loaded.tsx'
import type { PagedSource } from '../shell/paged.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Button } from '../ui/Button.tsx'

/** The rows of a list that comes in pages, the way to more of them, and what went wrong. */
export function PagedList<Item>(props: {
  source: PagedSource<Item>
  /** Said when there is nothing. */
  none: string
  /** Rows of the items that are there. */
  children: JSX.Element
}) {
  const { t } = useI18n()
  const state = () => props.source.state()
  const hasFailed = () => state().status === 'failed'

  return (
    <>
      <Switch>
        <Match when={state().items.length > 0}>
          <ul class="admin__list">{props.children}</ul>
          <Show when={state().cursor && !hasFailed()}>
            <Button busy={state().status === 'busy'} onClick={props.source.more}>
              {t().administration.more}
            </Button>
          </Show>
        </Match>
        <Match when={state().status === 'busy'}>
          <Placeholders />
        </Match>
        <Match when={state().status === 'done'}>
          <p class="admin__note">{props.none}</p>
        </Match>
      </Switch>
      <Show when={hasFailed()}>
        <div class="admin__note" role="alert">
          <p>{errorText(t(), state().error)}</p>
          <RetryButton error={state().error} onRetry={props.source.retry} />
        </div>
      </Show>
    </>
  )
}
