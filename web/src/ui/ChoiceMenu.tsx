import './Menu.css'
import './ChoiceMenu.css'
import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import Check from 'lucide-solid/icons/check'
import { For, type JSX } from 'solid-js'
import type { MenuEntry } from './Menu.tsx'

/** One choice of several, with a heading. */
export type ChoiceGroup = {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}

/** A menu of choices, with a few entries below; opens from a small button. */
export function ChoiceMenu(props: {
  label: string
  icon: JSX.Element
  groups: ChoiceGroup[]
  entries: MenuEntry[]
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
      <DropdownMenu.Trigger class="choice-menu__button" aria-label={props.label}>
        {props.icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu choice-menu" onCloseAutoFocus={run}>
          <For each={props.groups}>
            {(group) => (
              <DropdownMenu.Group>
                <DropdownMenu.GroupLabel class="choice-menu__label">
                  {group.label}
                </DropdownMenu.GroupLabel>
                <DropdownMenu.RadioGroup value={group.value} onChange={group.onChange}>
                  <For each={group.options}>
                    {(option) => (
                      <DropdownMenu.RadioItem class="menu__item" value={option.value} closeOnSelect>
                        <DropdownMenu.ItemLabel class="choice-menu__text">
                          {option.label}
                        </DropdownMenu.ItemLabel>
                        <DropdownMenu.ItemIndicator>
                          <Check aria-hidden="true" />
                        </DropdownMenu.ItemIndicator>
                      </DropdownMenu.RadioItem>
                    )}
                  </For>
                </DropdownMenu.RadioGroup>
              </DropdownMenu.Group>
            )}
          </For>
          <For each={props.entries}>
            {(entry) => (
              <DropdownMenu.Item
                class="menu__item"
                onSelect={() => {
                  chosen = entry.onSelect
                }}
              >
                {entry.icon}
                <DropdownMenu.ItemLabel>{entry.label}</DropdownMenu.ItemLabel>
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}
