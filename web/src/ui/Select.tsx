import './Select.css'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import { createEffect, createUniqueId, For } from 'solid-js'

export type Option<Value extends string> = { value: Value; label: string }

/** One of several, in the browser's own list. */
export function Select<Value extends string>(props: {
  label: string
  value: Value
  options: Option<Value>[]
  disabled?: boolean | undefined
  onChange: (value: Value) => void
}) {
  const choose = (index: number) => {
    const chosen = props.options[index]
    if (chosen) props.onChange(chosen.value)
  }
  const id = createUniqueId()
  let box: HTMLSelectElement | undefined
  // After the options: a browser forgets the choice when they are drawn anew.
  createEffect(() => {
    const at = props.options.findIndex(({ value }) => value === props.value)
    if (box) box.selectedIndex = at
  })
  return (
    <div class="select">
      <label class="select__label" for={id}>
        {props.label}
      </label>
      <span class="select__box">
        <select
          ref={box}
          id={id}
          disabled={props.disabled}
          onChange={(event) => choose(event.currentTarget.selectedIndex)}
        >
          <For each={props.options}>{(option) => <option>{option.label}</option>}</For>
        </select>
        <ChevronDown aria-hidden="true" />
      </span>
    </div>
  )
}
