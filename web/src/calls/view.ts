import type { CallState } from '@beseda/client/calls/state'
import { type Accessor, createMemo, createSignal } from 'solid-js'
import { createFullscreen } from './fullscreen.ts'
import type { Layout } from './stage.ts'

export type Panel = 'chat' | 'people'

/** How the user looks at a call; lives as long as the call, also while its window is small. */
export type CallView = ReturnType<typeof createCallView>

export function createCallView(state: Accessor<CallState>) {
  const [layout, setLayout] = createSignal<Layout>('grid')
  const [pinned, setPinned] = createSignal<string | null>(null)
  const [watched, setWatched] = createSignal<ReadonlySet<string>>(new Set())
  const [panel, setPanel] = createSignal<Panel | null>(null)
  const [page, setPage] = createSignal(0)
  const [draft, setDraft] = createSignal('')

  /** Who speaks stays in sight until somebody else does. */
  const speakerId = createMemo<string | null>((before) => {
    const { peers } = state()
    const kept = peers.find(({ userId }) => userId === before)
    if (kept?.speaking) return kept.userId
    return (peers.find(({ speaking }) => speaking) ?? kept ?? peers[0])?.userId ?? null
  }, null)

  return {
    /** Whether the call fills the screen. */
    fullscreen: createFullscreen(),
    layout,
    toggleLayout: () => setLayout(layout() === 'grid' ? 'speaker' : 'grid'),
    /** Key of the tile that is kept large. */
    pinned,
    togglePinned: (key: string) => setPinned(pinned() === key ? null : key),
    /** Users whose screens are watched. */
    watched,
    watch(userId: string, on: boolean) {
      const next = new Set(watched())
      if (on) next.add(userId)
      else next.delete(userId)
      setWatched(next)
    },
    panel,
    togglePanel: (which: Panel) => setPanel(panel() === which ? null : which),
    closePanel: () => setPanel(null),
    page,
    setPage,
    speakerId,
    draft,
    setDraft,
  }
}
