import './Switch.css'
import { createEffect, createSignal, on, Show } from 'solid-js'

/**
 * A setting that is on or off. It shows the choice at once and takes it back
 * when `onChange` answers false.
 */
export function Switch(props: {
  label: string
  note?: string | undefined
  checked: boolean
  disabled?: boolean | undefined
  onChange: (checked: boolean) => Promise<boolean>
}) {
  const [wanted, setWanted] = createSignal<boolean | null>(null)
  createEffect(
    on(
      () => props.checked,
      () => setWanted(null),
    ),
  )
  const change = async (checked: boolean) => {
    setWanted(checked)
    if (!(await props.onChange(checked))) setWanted(null)
  }
  return (
    <label class="switch" classList={{ 'switch--disabled': props.disabled }}>
      <span class="switch__text">
        <span>{props.label}</span>
        <Show when={props.note}>
          <span class="switch__note">{props.note}</span>
        </Show>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={wanted() ?? props.checked}
        class="switch__input"
        aria-label={props.label}
        checked={wanted() ?? props.checked}
        disabled={props.disabled}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
      <span class="switch__track" aria-hidden="true" />
    </label>
  )
}
