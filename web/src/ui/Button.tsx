import './Button.css'
import { Button as Base } from '@kobalte/core/button'
import { type JSX, Show } from 'solid-js'
import { Spinner } from './Spinner.tsx'

export type ButtonProps = {
  children: JSX.Element
  look?: 'primary' | 'quiet' | 'danger' | 'go' | undefined
  size?: 'medium' | 'large' | 'small' | undefined
  icon?: JSX.Element | undefined
  type?: 'button' | 'submit' | undefined
  /** The form that it submits, when it stands outside of it. */
  form?: string | undefined
  disabled?: boolean | undefined
  /** Shows a spinner and takes no clicks. */
  busy?: boolean | undefined
  wide?: boolean | undefined
  onClick?: (() => void) | undefined
}

/** A button with words on it. */
export function Button(props: ButtonProps) {
  return (
    <Base
      class="button"
      classList={{ 'button--wide': props.wide }}
      data-look={props.look ?? 'quiet'}
      data-size={props.size ?? 'medium'}
      type={props.type ?? 'button'}
      form={props.form}
      disabled={props.disabled || props.busy}
      aria-busy={props.busy || undefined}
      onClick={() => props.onClick?.()}
    >
      <Show when={props.busy} fallback={props.icon}>
        <Spinner />
      </Show>
      <span>{props.children}</span>
    </Base>
  )
}
