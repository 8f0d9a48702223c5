import type { Member } from '@beseda/protocol/chats'
import { createVirtualizer } from '@tanstack/solid-virtual'
import { type Accessor, createEffect, For, type JSX, Show } from 'solid-js'

/** Height of every row in pixels; the style sheet says the same. */
const rowHeight = 72
/** So many rows before the end the next page is fetched. */
const foresight = 30

/** A list of any length: only the rows in sight are on the page. */
export function MemberRows(props: {
  members: Member[]
  label: string
  onNearEnd: () => void
  children: (member: Accessor<Member>) => JSX.Element
}) {
  let scroller: HTMLDivElement | undefined
  const rows = createVirtualizer<HTMLDivElement, HTMLLIElement>({
    get count() {
      return props.members.length
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  createEffect(() => {
    const last = rows.getVirtualItems().at(-1)?.index ?? 0
    if (last >= props.members.length - foresight) props.onNearEnd()
  })
  return (
    <div class="members-panel__list" ref={scroller}>
      <ul aria-label={props.label} style={{ height: `${rows.getTotalSize()}px` }}>
        <For each={rows.getVirtualItems()}>
          {(row) => (
            <Show when={props.members[row.index]}>
              {(member) => (
                <li
                  class="members-panel__member"
                  style={{ transform: `translateY(${row.start}px)` }}
                  aria-setsize={props.members.length}
                  aria-posinset={row.index + 1}
                >
                  {props.children(member)}
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
    </div>
  )
}
