import './Avatar.css'
import type { Status } from '@beseda/protocol/users'
import { createSignal, Show } from 'solid-js'
import { hueOf, initialsOf } from './initials.ts'

/** Sides of an avatar in pixels. */
const sizes = { xs: 24, s: 36, m: 48, l: 72, xl: 112 } as const

/** A round picture, or coloured initials while there is none; decorative, the name stands beside it. */
export function Avatar(props: {
  /** Decides the colour, so that one person keeps one. */
  id: string
  name: string
  src?: string | null | undefined
  size?: keyof typeof sizes | undefined
  status?: Status | undefined
  statusLabel?: string | undefined
}) {
  const [broken, setBroken] = createSignal<string>()
  const picture = () => (props.src && props.src !== broken() ? props.src : undefined)
  const side = () => `${sizes[props.size ?? 'm']}px`
  return (
    <span class="avatar" style={{ '--side': side() }} data-hue={hueOf(props.id)}>
      <Show when={picture()} fallback={<span aria-hidden="true">{initialsOf(props.name)}</span>}>
        {(src) => (
          <img src={src()} alt="" draggable={false} onError={() => setBroken(props.src ?? '')} />
        )}
      </Show>
      <Show when={props.status}>
        {(status) => (
          <span
            class="avatar__status"
            data-status={status()}
            role="img"
            aria-label={props.statusLabel}
          />
        )}
      </Show>
    </span>
  )
}
