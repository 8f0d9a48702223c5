import './IconButton.css'
import { Button as Base } from '@kobalte/core/button'
import type { JSX } from 'solid-js'
import { Tooltip } from './Tooltip.tsx'

export type IconButtonProps = {
  /** The accessible name, also shown as the tooltip. */
  label: string
  children: JSX.Element
  look?: 'plain' | 'raised' | 'primary' | 'danger' | 'go' | 'off' | undefined
  size?: 'small' | 'medium' | 'large' | undefined
  type?: 'button' | 'submit' | undefined
  disabled?: boolean | undefined
  pressed?: boolean | undefined
  expanded?: boolean | undefined
  /** Where the tooltip stands. */
  side?: 'top' | 'bottom' | undefined
  onClick?: (() => void) | undefined
}

/** A round button with an icon; its name stands in a tooltip. */
export function IconButton(props: IconButtonProps) {
  return (
    <Tooltip text={props.label} side={props.side}>
      {(trigger) => (
        <Base
          {...trigger}
          class="icon-button"
          data-look={props.look ?? 'plain'}
          data-size={props.size ?? 'medium'}
          type={props.type ?? 'button'}
          aria-label={props.label}
          aria-pressed={props.pressed}
          aria-expanded={props.expanded}
          disabled={props.disabled}
          onClick={() => props.onClick?.()}
        >
          {props.children}
        </Base>
      )}
    </Tooltip>
  )
}
