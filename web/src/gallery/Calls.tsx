import { createMemo, createSignal, For } from 'solid-js'
import { ParticipantGrid } from '../calls/ParticipantGrid.tsx'
import { ringingTile, type Tile } from '../calls/tiles.ts'
import { Button } from '../ui/Button.tsx'
import { people } from './fixtures.ts'
import { Section } from './Gallery.tsx'

/** The most tiles of one page, and who is not known by name after the first few. */
const crowd = Array.from({ length: 48 }, (_, index) => {
  const user = people[index % people.length]
  return { id: `specimen-${index}`, displayName: user?.displayName ?? '' }
})

const tiles: Tile[] = crowd.map((user, index) => ({
  key: user.id,
  userId: user.id,
  name: user.displayName,
  avatarId: null,
  source: index === 2 ? 'screen' : 'camera',
  own: index === crowd.length - 1,
  video: null,
  muted: index % 3 === 1,
  speaking: index === 0,
  ringing: false,
  handRaisedAt: index === 4 ? '2026-03-10T09:00:00.000Z' : null,
  offered: index === 2,
}))

/** The grid with more and fewer people. */
export function Calls() {
  const [count, setCount] = createSignal(4)
  const [page, setPage] = createSignal(0)
  const shown = createMemo(() => [
    ringingTile({ id: 'ring', name: 'Беседа' }, null),
    ...tiles.slice(0, count() - 1),
  ])
  return (
    <Section title="ParticipantGrid">
      <div class="gallery__row">
        <For each={[1, 2, 3, 4, 6, 9, 16, 49]}>
          {(wanted) => <Button onClick={() => setCount(wanted)}>{String(wanted)}</Button>}
        </For>
      </div>
      <div class="gallery__call">
        <ParticipantGrid stage={{ main: null, rest: shown() }} page={page()} onPage={setPage} />
      </div>
    </Section>
  )
}
