import './PicturePicker.css'
import Camera from 'lucide-solid/icons/camera'
import { type JSX, Show } from 'solid-js'
import { Spinner } from './Spinner.tsx'

/** A round place for a picture: shows what is there, opens the file dialog. */
export function PicturePicker(props: {
  label: string
  busy?: boolean | undefined
  onPick: (file: File) => void
  /** What shows now, if anything. */
  children?: JSX.Element | undefined
}) {
  const pick = (event: Event & { currentTarget: HTMLInputElement }) => {
    const file = event.currentTarget.files?.[0]
    // So that the same file can be picked again.
    event.currentTarget.value = ''
    if (file) props.onPick(file)
  }
  return (
    <label class="picture-picker">
      <input
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        aria-label={props.label}
        disabled={props.busy}
        onChange={pick}
      />
      {props.children}
      <span class="picture-picker__mark" aria-hidden="true">
        <Show when={props.busy} fallback={<Camera />}>
          <Spinner />
        </Show>
      </span>
    </label>
  )
}
