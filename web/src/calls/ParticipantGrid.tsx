import './ParticipantGrid.css'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import {
  type Accessor,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
  Show,
} from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { ParticipantTile } from './ParticipantTile.tsx'
import { pageOf, type Room, type Stage, stageSizes } from './stage.ts'
import type { Tile } from './tiles.ts'

const gapPx = 12

/** Everybody's tile, as large as the room allows; those who find no room are on further pages. */
export function ParticipantGrid(props: {
  stage: Stage
  page: number
  onPage: (page: number) => void
  /** What stands on a tile besides its picture. */
  actions?: (tile: Accessor<Tile>) => JSX.Element
}) {
  const { t } = useI18n()
  const [room, setRoom] = createSignal<Room>({ width: 0, height: 0 })
  let box: HTMLUListElement | undefined
  const sizes = createMemo(() => {
    const { main, rest } = props.stage
    return stageSizes(room(), gapPx, main !== null, rest.length)
  })
  const shown = createMemo(() => pageOf(props.stage.rest, props.page, sizes().perPage))
  const size = createMemo(() => sizes().tile(shown().items.length))
  const tiles = createMemo(() => {
    const { main } = props.stage
    return main ? [main, ...shown().items] : shown().items
  })
  const sizeOf = (tile: Tile) => {
    const isMain = tile.key === props.stage.main?.key
    return (isMain ? sizes().main : null) ?? size()
  }
  onMount(() => {
    if (!box) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setRoom({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(box)
    onCleanup(() => observer.disconnect())
  })
  return (
    <>
      <ul
        class="participant-grid"
        classList={{ 'participant-grid--main': props.stage.main !== null }}
        ref={box}
        aria-label={t().calls.participants}
      >
        <Keyed each={tiles()} by={(tile) => tile.key}>
          {(tile) => (
            <ParticipantTile
              tile={tile()}
              main={tile().key === props.stage.main?.key}
              width={sizeOf(tile()).width}
              height={sizeOf(tile()).height}
              actions={props.actions?.(tile)}
            />
          )}
        </Keyed>
      </ul>
      <Show when={shown().pages > 1}>
        <nav class="participant-pages" aria-label={t().calls.pages}>
          <IconButton
            label={t().calls.previousPage}
            size="small"
            disabled={shown().page === 0}
            onClick={() => props.onPage(shown().page - 1)}
          >
            <ChevronLeft aria-hidden="true" />
          </IconButton>
          <span role="status">{t().calls.pageOf(shown().page + 1, shown().pages)}</span>
          <IconButton
            label={t().calls.nextPage}
            size="small"
            disabled={shown().page === shown().pages - 1}
            onClick={() => props.onPage(shown().page + 1)}
          >
            <ChevronRight aria-hidden="true" />
          </IconButton>
        </nav>
      </Show>
    </>
  )
}
