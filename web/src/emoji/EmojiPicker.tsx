import './EmojiPicker.css'
import {
  createMemo,
  createResource,
  createSignal,
  For,
  Match,
  onCleanup,
  onMount,
  Switch,
} from 'solid-js'
import { Portal } from 'solid-js/web'
import { useI18n } from '../i18n/i18n.tsx'
import { settled } from '../shell/settled.ts'
import { placeBeside } from '../ui/place.ts'
import { SearchField } from '../ui/SearchField.tsx'
import { findEmoji, loadEmoji } from './emoji.ts'
import { moveInGrid } from './grid-keys.ts'

/** Every emoji, to be found by name, beside what opened it; Escape closes. */
export default function EmojiPicker(props: {
  anchor: DOMRect
  onPick: (emoji: string) => void
  onClose: () => void
}) {
  const { t, language } = useI18n()
  const [all, { refetch }] = createResource(language, (now) => loadEmoji(now).catch(() => null))
  const [query, setQuery] = createSignal('')
  let box: HTMLDivElement | undefined
  let list: HTMLDivElement | undefined
  const groups = createMemo(() => {
    const found = findEmoji(settled(all) ?? [], query())
    const titles = t().emoji.groups
    return titles
      .map((title, group) => ({
        title,
        emoji: found.filter((one) => one.group === group),
      }))
      .filter(({ emoji }) => emoji.length > 0)
  })
  const onOutside = ({ target }: PointerEvent) => {
    if (target instanceof Node && !box?.contains(target)) props.onClose()
  }
  const place = () => box && placeBeside(box, props.anchor)
  onMount(() => {
    place()
    window.addEventListener('resize', place)
    box?.querySelector('input')?.focus()
    document.addEventListener('pointerdown', onOutside, true)
  })
  onCleanup(() => {
    window.removeEventListener('resize', place)
    document.removeEventListener('pointerdown', onOutside, true)
  })
  return (
    <Portal>
      <div
        class="emoji-picker"
        ref={box}
        role="dialog"
        aria-label={t().emoji.open}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          props.onClose()
        }}
      >
        <SearchField
          label={t().emoji.search}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          busy={all.loading}
          onArrowDown={() => list?.querySelector('button')?.focus()}
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move among the buttons inside */}
        <div class="emoji-picker__list" ref={list} onKeyDown={moveInGrid}>
          <Switch>
            <Match when={settled(all) === null}>
              <p class="emoji-picker__note" role="alert">
                {t().emoji.loadFailed}{' '}
                <button type="button" onClick={() => void refetch()}>
                  {t().app.retry}
                </button>
              </p>
            </Match>
            <Match when={settled(all) && groups().length === 0}>
              <p class="emoji-picker__note">{t().emoji.none}</p>
            </Match>
          </Switch>
          <For each={groups()}>
            {(group) => (
              <section class="emoji-picker__group">
                <h3 class="emoji-picker__heading">{group.title}</h3>
                <div class="emoji-picker__grid">
                  <For each={group.emoji}>
                    {({ emoji, label }) => (
                      <button
                        type="button"
                        title={label}
                        aria-label={label}
                        onClick={() => props.onPick(emoji)}
                      >
                        {emoji}
                      </button>
                    )}
                  </For>
                </div>
              </section>
            )}
          </For>
        </div>
      </div>
    </Portal>
  )
}
