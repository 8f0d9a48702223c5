import type { CallSession } from '@beseda/client/calls/session'
import type { User } from '@beseda/protocol/users'
import { createEffect, createMemo, createSignal, lazy, onCleanup, Show, Suspense } from 'solid-js'
import { Portal } from 'solid-js/web'
import { fromStore, useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { AlonePrompt } from './AlonePrompt.tsx'
import { type CallDeeds, mayPublish } from './CallControls.tsx'
import { CallOverlay } from './CallOverlay.tsx'
import { CallScreenProvider } from './call-context.tsx'
import { createCallKeys } from './call-keys.ts'
import { tellOfModeration } from './call-notices.ts'
import { createCallQuality } from './call-quality.ts'
import { isCalling } from './call-status.ts'
import { useCalls } from './context.tsx'
import { FloatView } from './FloatView.tsx'
import { createFloat } from './float.ts'
import type { Deed } from './keys.ts'
import { createModeration } from './moderation.ts'
import { createPictures, PicturesProvider } from './pictures.ts'
import { RemoteAudio } from './RemoteAudio.tsx'
import { toggleScreen } from './screen-share.ts'
import { arrange } from './stage.ts'
import { toTiles } from './tiles.ts'
import { startTone } from './tones.ts'
import { createCallView } from './view.ts'

const CallWindow = lazy(() => import('./CallWindow.tsx'))
const CallStats = lazy(() => import('./CallStats.tsx'))
const ShortcutsHelp = lazy(() => import('./ShortcutsHelp.tsx'))

/** A sound is wanted or not; it has no size. */
const heard = { width: 1, height: 1 }

/** Fetch what a call shows before there is one, so that the first one opens at once. */
export const preloadCall = () => void CallWindow.preload()

/** The call that is on: heard, and shown as its window, as a small bar, or on top of everything. */
export function CurrentCall(props: { session: CallSession; self: User }) {
  const client = useClient()
  const calls = useCalls()
  const feedback = useFeedback()
  const { session } = props
  const state = fromStore(session.state)
  const chats = fromStore(client.chats.state)
  const chat = createMemo(() => chats().chats.find((one) => one.id === state().call.chatId))
  const view = createCallView(state)
  const moderation = createModeration(client, state, chat)
  const quality = createCallQuality(session, state)
  const screen = { session, state, chat, self: () => props.self, view, moderation, quality }
  const [dialog, setDialog] = createSignal<'stats' | 'shortcuts' | null>(null)
  const calling = createMemo(() => isCalling(state()))
  const float = createFloat(() =>
    document.querySelector<HTMLVideoElement>('.call-window .tile--main video, .call-window video'),
  )

  createEffect(() => {
    if (calling()) onCleanup(startTone('outgoing'))
  })
  // A socket that is away now is told when it is back.
  createEffect(() => session.setWatching(!calls.minimised() || float.body() !== null))
  createEffect(() => {
    if (state().phase.status === 'ended') float.close()
  })
  createEffect(() => {
    for (const { userId, tracks } of state().peers) {
      const watched = view.watched().has(userId)
      // The picture says by itself how large it is seen, once it is.
      if (tracks.screen && !watched) session.want(userId, 'screen', null)
      if (tracks.screenAudio) session.want(userId, 'screenAudio', watched ? heard : null)
    }
  })
  tellOfModeration(state)

  const attempt = (work: Promise<unknown>) => void work.catch(feedback.failed)
  const toggleFloat = () =>
    attempt(
      float.toggle().then(() => {
        if (float.body()) calls.setMinimised(true)
      }),
    )
  const deeds: CallDeeds = {
    toggleScreen: () => attempt(toggleScreen(session)),
    toggleHand: () => attempt(session.raiseHand(state().self.handRaisedAt === null)),
    showStats: () => setDialog('stats'),
    showShortcuts: () => setDialog('shortcuts'),
  }
  const acts: Record<Deed, () => void> = {
    microphone: () => mayPublish(state(), 'microphone') && void calls.toggleMicrophone(),
    camera: () => mayPublish(state(), 'camera') && void calls.toggleCamera(),
    screen: () => mayPublish(state(), 'screen') && deeds.toggleScreen(),
    hand: () => chat()?.type !== 'personal' && deeds.toggleHand(),
    deafen: () => void calls.toggleDeafened(),
    layout: view.toggleLayout,
    people: () => view.togglePanel('people'),
    chat: () => view.togglePanel('chat'),
    float: toggleFloat,
    fullscreen: view.fullscreen.toggle,
    help: deeds.showShortcuts,
  }
  createCallKeys({
    settings: calls.settings,
    act: (deed) => state().phase.status !== 'ended' && acts[deed](),
    setMuted: (muted) => void calls.setMuted(muted),
  })
  const floating = createMemo(() => {
    const tiles = toTiles(state(), props.self, view.watched())
    return arrange(tiles, {
      layout: 'speaker',
      pinned: view.pinned(),
      speakerId: view.speakerId(),
    }).main
  })

  return (
    <CallScreenProvider value={screen}>
      <PicturesProvider value={createPictures(session.want)}>
        <RemoteAudio
          peers={state().peers}
          watched={view.watched()}
          speakerId={calls.settings().speakerId}
          volumeOf={calls.hearing.volumeOf}
          silent={calls.hearing.deafened()}
        />
        <Show
          when={calls.minimised()}
          fallback={
            <Suspense>
              <CallWindow deeds={deeds} onFloat={toggleFloat} />
            </Suspense>
          }
        >
          <CallOverlay state={state()} chat={chat()} />
        </Show>
        <Show keyed when={float.body()}>
          {(body) => (
            <Portal mount={body}>
              <FloatView
                tile={floating()}
                onReturn={() => {
                  calls.setMinimised(false)
                  float.close()
                }}
              />
            </Portal>
          )}
        </Show>
        <AlonePrompt />
        <Suspense>
          <Show when={dialog() === 'stats'}>
            <CallStats onClose={() => setDialog(null)} />
          </Show>
          <Show when={dialog() === 'shortcuts'}>
            <ShortcutsHelp onClose={() => setDialog(null)} />
          </Show>
        </Suspense>
      </PicturesProvider>
    </CallScreenProvider>
  )
}
