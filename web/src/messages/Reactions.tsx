import './Reactions.css'
import type { Message } from '@beseda/protocol/messages'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Keyed } from '../ui/Keyed.tsx'

/** The reactions to a message; a click adds one's own or takes it off. */
export function Reactions(props: { message: Message; onToggle: (emoji: string) => void }) {
  const { t } = useI18n()
  return (
    <Show when={props.message.reactions.length > 0}>
      <div class="reactions">
        <Keyed each={props.message.reactions} by={(reaction) => reaction.emoji}>
          {(reaction) => (
            <button
              type="button"
              class="reactions__one"
              aria-pressed={reaction().mine}
              aria-label={t().messages.reaction(reaction().emoji, reaction().count)}
              onClick={() => props.onToggle(reaction().emoji)}
            >
              <span>{reaction().emoji}</span>
              <span>{reaction().count}</span>
            </button>
          )}
        </Keyed>
      </div>
    </Show>
  )
}
