import './Gallery.css'
import type { JSX } from 'solid-js'
import { CallsProvider } from '../calls/context.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { Attachments } from './Attachments.tsx'
import { Calls } from './Calls.tsx'
import { Chats } from './Chats.tsx'
import { Controls } from './Controls.tsx'
import { Groups } from './Groups.tsx'
import { Notices } from './Notices.tsx'
import { Surfaces } from './Surfaces.tsx'

/** One group of specimens under a heading. */
export function Section(props: { title: string; children: JSX.Element }) {
  return (
    <section class="gallery__section">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}

/** Every component in its states, for the eye. */
export default function Gallery() {
  return (
    <CallsProvider onOpenChat={() => {}}>
      <div class="gallery">
        <main class="gallery__page">
          <LanguageSwitch />
          <Controls />
          <Surfaces />
          <Chats />
          <Attachments />
          <Groups />
          <Notices />
          <Calls />
        </main>
      </div>
    </CallsProvider>
  )
}
