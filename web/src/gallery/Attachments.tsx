import { For } from 'solid-js'
import { AttachmentsProvider } from '../attachments/context.tsx'
import type { Upload, UploadState } from '../attachments/desk.ts'
import { MessageFiles } from '../attachments/MessageFiles.tsx'
import { Tray } from '../attachments/Tray.tsx'
import { WaitingMessages } from '../attachments/WaitingMessages.tsx'
import { storedFile } from './fixtures.ts'
import { Section } from './Gallery.tsx'

const picture = (id: number) => storedFile({ id: `picture-${id}`, name: `picture ${id}.jpg` })
const counts = [1, 2, 3, 4, 5, 7, 10]
const files = [
  storedFile({ id: 'v', kind: 'video', name: 'waves.webm', size: 4_000_000 }),
  storedFile({ id: 'a', kind: 'audio', name: 'gulls.ogg', size: 900_000 }),
  storedFile({ id: 'f', kind: 'file', name: 'report for the whole year 2026, last.pdf' }),
  storedFile({ id: 'z', kind: 'file', name: 'everything.zip', size: 52_000_000 }),
]

const states: [string, UploadState][] = [
  ['sea.jpg', { is: 'done', stored: picture(1) }],
  ['A very long name of a film from the sea.mp4', { is: 'uploading', part: 0.4 }],
  ['notes.txt', { is: 'queued' }],
  ['network.zip', { is: 'failed', problem: 'NETWORK' }],
  ['disguised.png', { is: 'failed', problem: 'FILE_TYPE' }],
]
const uploads = states.map(
  ([name, state], index): Upload => ({
    id: `upload-${index}`,
    name,
    size: 3_400_000,
    kind: 'file',
    preview: null,
    state,
  }),
)
const waiting = [
  { id: 'one', body: 'From the **sea**', replyTo: null, uploads: uploads.slice(0, 3) },
  { id: 'two', body: '', replyTo: null, uploads: uploads.slice(3) },
]

/** What messages carry, and what is about to be sent. */
export function Attachments() {
  return (
    <AttachmentsProvider>
      <Section title="MessageFiles">
        <div class="gallery__row">
          <For each={counts}>
            {(count) => (
              <MessageFiles
                files={Array.from({ length: count }, (_, n) => picture(n))}
                onOpen={() => {}}
              />
            )}
          </For>
          <MessageFiles files={files} onOpen={() => {}} />
        </div>
      </Section>
      <Section title="Tray, WaitingMessages">
        <Tray chatId="gallery" uploads={uploads} leftOut={false} onEmptied={() => {}} />
        <WaitingMessages chatId="gallery" desk={{ tray: [], waiting }} onTakeBack={() => {}} />
      </Section>
    </AttachmentsProvider>
  )
}
