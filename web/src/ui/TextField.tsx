import './TextField.css'
import { TextField as Base } from '@kobalte/core/text-field'
import { type JSX, Show } from 'solid-js'

export type TextFieldProps = {
  label: string
  value: string
  onInput: (value: string) => void
  name?: string | undefined
  type?: 'text' | 'password' | undefined
  autocomplete?: string | undefined
  autocapitalize?: 'none' | 'sentences' | 'words' | undefined
  placeholder?: string | undefined
  /** Said under the field while there is no error. */
  hint?: string | undefined
  error?: string | undefined
  /** Shows how much of it is used. */
  maxLength?: number | undefined
  rows?: number | undefined
  required?: boolean | undefined
  disabled?: boolean | undefined
  autofocus?: boolean | undefined
  /** A control at the right end of the field. */
  end?: JSX.Element | undefined
}

/** A labelled field of one line, or of several when `rows` is given. */
export function TextField(props: TextFieldProps) {
  const shared = () => ({
    class: 'text-field__input',
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    autofocus: props.autofocus,
  })
  const focus = (element: HTMLElement) => {
    if (props.autofocus) requestAnimationFrame(() => element.focus())
  }
  return (
    <Base
      class="text-field"
      value={props.value}
      onChange={props.onInput}
      name={props.name}
      required={props.required}
      disabled={props.disabled}
      validationState={props.error ? 'invalid' : 'valid'}
    >
      <div class="text-field__top">
        <Base.Label class="text-field__label">{props.label}</Base.Label>
        <Show when={props.maxLength}>
          {(max) => (
            <span class="text-field__count" aria-hidden="true">
              {props.value.length}/{max()}
            </span>
          )}
        </Show>
      </div>
      <div class="text-field__box">
        <Show
          when={props.rows}
          fallback={
            <Base.Input
              {...shared()}
              ref={focus}
              type={props.type ?? 'text'}
              autocomplete={props.autocomplete}
              autocapitalize={props.autocapitalize}
              spellcheck={props.autocapitalize !== 'none'}
            />
          }
        >
          <Base.TextArea {...shared()} ref={focus} rows={props.rows} />
        </Show>
        {props.end}
      </div>
      <Show when={props.hint && !props.error}>
        <Base.Description class="text-field__note">{props.hint}</Base.Description>
      </Show>
      <Base.ErrorMessage class="text-field__note text-field__note--error" role="alert">
        {props.error}
      </Base.ErrorMessage>
    </Base>
  )
}
