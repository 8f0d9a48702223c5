import type { StoredFile } from '@beseda/protocol/files'
import { createSignal, Match, Switch } from 'solid-js'
import { FileCard } from './FileCard.tsx'
import { fileUrl } from './file-url.ts'

/** A film or sound that plays in place, with its name and the way to save it. */
export function MediaPlayer(props: { file: StoredFile }) {
  const [failed, setFailed] = createSignal(false)
  const media = () => ({
    src: fileUrl(props.file.id),
    controls: true,
    preload: 'metadata' as const,
    'aria-label': props.file.name,
    onError: () => setFailed(true),
  })
  return (
    <figure class="media" data-kind={props.file.kind}>
      <Switch>
        <Match when={failed()}>
          <FileCard file={props.file} unavailable />
        </Match>
        <Match when={props.file.kind === 'video'}>
          <video class="media__video" playsinline {...media()} />
        </Match>
        <Match when={props.file.kind === 'audio'}>
          <audio class="media__audio" {...media()} />
        </Match>
      </Switch>
      <Switch>
        <Match when={!failed()}>
          <figcaption>
            <FileCard file={props.file} slim />
          </figcaption>
        </Match>
      </Switch>
    </figure>
  )
}
