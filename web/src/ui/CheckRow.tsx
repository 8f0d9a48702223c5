import './CheckRow.css'
import Check from 'lucide-solid/icons/check'
import type { JSX } from 'solid-js'

/** A row of a list of choices, ticked or not; the whole row is the target. */
export function CheckRow(props: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean | undefined
  /** The name of the choices of which only one can be ticked. */
  oneOf?: string | undefined
  children: JSX.Element
}) {
  return (
    <label class="check-row" classList={{ 'check-row--disabled': props.disabled }}>
      {props.children}
      <input
        type={props.oneOf === undefined ? 'checkbox' : 'radio'}
        name={props.oneOf}
        class="check-row__input"
        aria-label={props.label}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span class="check-row__mark" aria-hidden="true">
        <Check />
      </span>
    </label>
  )
}
