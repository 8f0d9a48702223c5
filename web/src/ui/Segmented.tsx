import './Segmented.css'
import { createUniqueId, For, type JSX } from 'solid-js'

export type Segment<Value extends string> = {
  value: Value
  label: string
  mark?: JSX.Element | undefined
}

/** One of a few, side by side; arrow keys move the choice. */
export function Segmented<Value extends string>(props: {
  label: string
  value: Value
  segments: Segment<Value>[]
  onChange: (value: Value) => void
}) {
  const name = createUniqueId()
  return (
    <fieldset class="segmented">
      <legend class="hidden-visually">{props.label}</legend>
      <For each={props.segments}>
        {(segment) => (
          <label class="segmented__item">
            <input
              type="radio"
              name={name}
              checked={segment.value === props.value}
              onChange={() => props.onChange(segment.value)}
            />
            <span class="segmented__label">
              {segment.mark}
              {segment.label}
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
