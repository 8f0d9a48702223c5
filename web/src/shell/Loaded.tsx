import { type Accessor, type JSX, Match, type Resource, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import './Loaded.css'
import { Skeleton } from '../ui/Skeleton.tsx'
import { errorText } from './error-text.ts'
import { RetryButton } from './RetryButton.tsx'

/** What was fetched; placeholders on its way, and the reason where it does not come. */
export function Loaded<Value>(props: {
  resource: Resource<Value>
  onRetry: () => void
  children: (value: Accessor<NonNullable<Value>>) => JSX.Element
}) {
  const { t } = useI18n()
  const value = () => (props.resource.error ? undefined : props.resource.latest)
  return (
    <Switch fallback={<Placeholders />}>
      <Match when={props.resource.error}>
        {(error) => (
          <div class="loaded__note" role="alert">
            <p>{errorText(t(), error())}</p>
            <RetryButton error={error()} onRetry={props.onRetry} />
          </div>
        )}
      </Match>
      <Match when={props.resource.state !== 'pending' && value()}>
        {(known) => props.children(known)}
      </Match>
    </Switch>
  )
}

/** Rows that are on their way. */
export function Placeholders() {
  return (
    <div class="loaded__rows">
      <Skeleton height="52px" />
      <Skeleton height="52px" />
      <Skeleton height="52px" />
    </div>
  )
}
