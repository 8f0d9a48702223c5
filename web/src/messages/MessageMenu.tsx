import './MessageMenu.css'
import type { Message } from '@beseda/protocol/messages'
import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import SmilePlus from 'lucide-solid/icons/face-slightly-smiling-plus'
import { For, onCleanup } from 'solid-js'
import { quickEmoji } from '../emoji/emoji.ts'
import { useI18n } from '../i18n/i18n.tsx'
import type { MenuEntry } from '../ui/Menu.tsx'

/** The menu of one message: quick reactions, then what can be done with it. */
export function MessageMenu(props: {
  message: Message
  anchor: DOMRect
  entries: MenuEntry[]
  onReact: (emoji: string) => void
  onMore: () => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const { activeElement } = document
  let chosen: (() => void) | null = null
  const choose = (deed: () => void) => () => {
    chosen = deed
  }
  onCleanup(() => {
    if (activeElement instanceof HTMLElement) activeElement.focus()
    // Behind that, and behind what the menu itself does with the focus when it has gone: an
    // answer takes it to the composer.
    if (chosen) setTimeout(chosen)
  })
  return (
    <DropdownMenu
      defaultOpen
      gutter={8}
      getAnchorRect={() => props.anchor}
      onOpenChange={(open) => open || props.onClose()}
    >
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu" aria-label={t().messages.actions}>
          <div class="message-menu__quick">
            <For each={quickEmoji}>
              {(emoji) => (
                <DropdownMenu.Item
                  class="message-menu__emoji"
                  aria-label={emoji}
                  onSelect={choose(() => props.onReact(emoji))}
                >
                  {emoji}
                </DropdownMenu.Item>
              )}
            </For>
            <DropdownMenu.Item
              class="message-menu__emoji"
              aria-label={t().emoji.more}
              onSelect={choose(props.onMore)}
            >
              <SmilePlus aria-hidden="true" />
            </DropdownMenu.Item>
          </div>
          <For each={props.entries}>
            {(entry) => (
              <DropdownMenu.Item
                class="menu__item"
                classList={{ 'menu__item--danger': entry.danger }}
                onSelect={choose(entry.onSelect)}
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
