import './EmptyState.css'
import { type JSX, Show } from 'solid-js'

/** What stands where there is nothing yet: what this place is for, and what to do. */
export function EmptyState(props: {
  icon: JSX.Element
  title: string
  text?: string | undefined
  children?: JSX.Element | undefined
}) {
  return (
    <div class="empty-state">
      <div class="empty-state__icon" aria-hidden="true">
        {props.icon}
      </div>
      <h2 class="empty-state__title">{props.title}</h2>
      <Show when={props.text}>
        <p class="empty-state__text">{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="empty-state__actions">{props.children}</div>
      </Show>
    </div>
  )
}
