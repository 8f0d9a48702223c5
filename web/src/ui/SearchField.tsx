import './SearchField.css'
import Search from 'lucide-solid/icons/search'
import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import { Spinner } from './Spinner.tsx'

/** A search box without a visible label; Escape and the cross empty it. */
export function SearchField(props: {
  label: string
  clearLabel: string
  value: string
  onInput: (value: string) => void
  busy?: boolean | undefined
  maxLength?: number | undefined
  autofocus?: boolean | undefined
  /** Leaves the box downwards, to its results. */
  onArrowDown?: (() => void) | undefined
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && props.value !== '') {
      event.stopPropagation()
      props.onInput('')
    }
    if (event.key === 'ArrowDown' && props.onArrowDown) {
      event.preventDefault()
      props.onArrowDown()
    }
  }
  const focus = (element: HTMLElement) => {
    // On a touch screen the keyboard would cover what there is to choose from.
    const wanted = props.autofocus && matchMedia('(pointer: fine)').matches
    if (wanted) requestAnimationFrame(() => element.focus())
  }
  return (
    <search class="search-field">
      <Show when={props.busy} fallback={<Search aria-hidden="true" />}>
        <Spinner />
      </Show>
      <input
        ref={focus}
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        spellcheck={false}
        aria-label={props.label}
        placeholder={props.label}
        maxLength={props.maxLength}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Show when={props.value !== ''}>
        <button
          type="button"
          class="search-field__clear"
          aria-label={props.clearLabel}
          onClick={() => props.onInput('')}
        >
          <X aria-hidden="true" />
        </button>
      </Show>
    </search>
  )
}
