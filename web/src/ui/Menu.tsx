import './Menu.css'
import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import type { JSX } from 'solid-js'
import { Keyed } from './Keyed.tsx'

export type MenuEntry = {
  /** Another one in each entry of a menu. */
  label: string
  icon?: JSX.Element | undefined
  danger?: boolean | undefined
  onSelect: () => void
}

/** A menu that opens from a round button; arrow keys walk it. */
export function Menu(props: {
  label: string
  icon: JSX.Element
  entries: MenuEntry[]
  look?: 'plain' | 'raised' | undefined
  size?: 'medium' | 'large' | undefined
}) {
  let chosen: (() => void) | null = null
  // Once the button has the focus again, so that a dialog gives it back to the button.
  const run = () => {
    const select = chosen
    chosen = null
    if (select) queueMicrotask(select)
  }
  return (
    <DropdownMenu gutter={8}>
      <DropdownMenu.Trigger
        class="icon-button"
        data-look={props.look ?? 'plain'}
        data-size={props.size ?? 'medium'}
        aria-label={props.label}
      >
        {props.icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu" onCloseAutoFocus={run}>
          {/* The entries may be made anew at any time: one that is being pressed stays. */}
          <Keyed each={props.entries} by={(entry) => entry.label}>
            {(entry) => (
              <DropdownMenu.Item
                class="menu__item"
                classList={{ 'menu__item--danger': entry().danger }}
                onSelect={() => {
                  chosen = entry().onSelect
                }}
              >
                {entry().icon}
                <DropdownMenu.ItemLabel>{entry().label}</DropdownMenu.ItemLabel>
              </DropdownMenu.Item>
            )}
          </Keyed>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}
