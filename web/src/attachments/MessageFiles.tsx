import './MessageFiles.css'
import type { StoredFile } from '@beseda/protocol/files'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { Keyed } from '../ui/Keyed.tsx'
import { FileCard } from './FileCard.tsx'
import { gridRows } from './grid.ts'
import { MediaPlayer } from './MediaPlayer.tsx'
import { PictureButton } from './PictureButton.tsx'

/** The files of a message: its pictures together, then the others in their order. */
export function MessageFiles(props: {
  files: StoredFile[]
  /** Show the pictures large, beginning with one of them. */
  onOpen: (pictures: StoredFile[], at: number) => void
}) {
  const pictures = createMemo(() => props.files.filter(({ kind }) => kind === 'image'))
  const others = () => props.files.filter(({ kind }) => kind !== 'image')
  return (
    <div class="message-files">
      <Show when={pictures().length > 0}>
        <PictureGrid pictures={pictures()} onOpen={(at) => props.onOpen(pictures(), at)} />
      </Show>
      <Keyed each={others()} by={({ id }) => id}>
        {(file) => (
          <Switch fallback={<FileCard file={file()} />}>
            <Match when={file().kind === 'video' || file().kind === 'audio'}>
              <MediaPlayer file={file()} />
            </Match>
          </Switch>
        )}
      </Keyed>
    </div>
  )
}

function PictureGrid(props: { pictures: StoredFile[]; onOpen: (at: number) => void }) {
  /** For each picture how many share its row. */
  const shares = createMemo(() =>
    gridRows(props.pictures.length).flatMap((row) => Array<number>(row).fill(row)),
  )
  return (
    <div class="picture-grid">
      <Keyed each={props.pictures} by={({ id }) => id}>
        {(file) => {
          const at = () => props.pictures.findIndex(({ id }) => id === file().id)
          return (
            <PictureButton
              file={file()}
              share={shares()[at()] ?? 1}
              alone={props.pictures.length === 1}
              onOpen={() => props.onOpen(at())}
            />
          )
        }}
      </Keyed>
    </div>
  )
}
