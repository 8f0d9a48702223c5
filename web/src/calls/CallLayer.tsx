import type { RingingCall } from '@beseda/client/calls/calls'
import type { Call } from '@beseda/protocol/calls'
import type { SystemEvent } from '@beseda/protocol/messages'
import { createEffect, createMemo, lazy, on, onCleanup, Show, Suspense } from 'solid-js'
import { chatName, presenceOf } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { useSelf } from '../shell/self.ts'
import { Keyed } from '../ui/Keyed.tsx'
import { CallQuestion } from './CallQuestion.tsx'
import { CurrentCall, preloadCall } from './CurrentCall.tsx'
import { useCalls } from './context.tsx'
import { IncomingCall } from './IncomingCall.tsx'
import { startTone } from './tones.ts'

const CallPreview = lazy(() => import('./CallPreview.tsx'))
const VoiceSettings = lazy(() => import('./VoiceSettings.tsx'))

/** Calls over the chats: those that ring, and the one that is on. */
export function CallLayer() {
  const calls = useCalls()
  const self = useSelf()
  // In good time, so that the first call opens at once.
  const timer = setTimeout(preloadCall, 2_000)
  onCleanup(() => clearTimeout(timer))
  return (
    <>
      <Ringing />
      <Suspense>
        <Preview />
        <Show keyed when={calls.question()}>
          {(question) => <CallQuestion question={question} />}
        </Show>
        <Show when={calls.settingsShown()}>
          <VoiceSettings onClose={() => calls.showSettings(false)} />
        </Show>
      </Suspense>
      <Show keyed when={calls.session()}>
        {(session) => (
          <Show when={self()}>{(user) => <CurrentCall session={session} self={user()} />}</Show>
        )}
      </Show>
    </>
  )
}

function Preview() {
  const calls = useCalls()
  const self = useSelf()
  const chats = fromStore(useClient().chats.state)
  const opened = createMemo(() => {
    const [entry, user] = [calls.preview(), self()]
    return entry && user ? { entry, user } : null
  })
  const name = (chatId: string) => {
    const chat = chats().chats.find((one) => one.id === chatId)
    return chat ? chatName(chat) : ''
  }
  return (
    <Show keyed when={opened()}>
      {({ entry, user }) => <CallPreview entry={entry} name={name(entry.chatId)} self={user} />}
    </Show>
  )
}

function Ringing() {
  const client = useClient()
  const calls = useCalls()
  const self = useSelf()
  const feedback = useFeedback()
  const { t } = useI18n()
  const incoming = fromStore(client.calls.incoming)
  const chats = fromStore(client.chats.state)
  // The chat may still be on its way when the first ring arrives.
  const ringing = createMemo(() =>
    incoming().flatMap((call) => {
      const chat = chats().chats.find((one) => one.id === call.chatId)
      return chat ? [{ call, chat }] : []
    }),
  )
  const isHeard = ({ call }: { call: RingingCall }) => !call.silent && !calls.session()
  const isUndisturbed = () => {
    const user = self()
    return user !== null && presenceOf(presence(), user).status === 'dnd'
  }
  const isQuiet = () => !ringing().some(isHeard) || isUndisturbed()
  const presence = fromStore(client.chats.presence)
  const elsewhere = fromStore(client.calls.elsewhere)
  createEffect(
    on(elsewhere, (settled) => settled && feedback.done(t().calls.elsewhere[settled.deed]), {
      defer: true,
    }),
  )
  createEffect(() => {
    if (!isQuiet()) onCleanup(startTone('incoming'))
  })
  return (
    <div class="incoming-calls">
      <Keyed each={ringing()} by={({ call }) => call.id}>
        {(ring) => (
          <IncomingCall
            call={ring().call}
            chat={ring().chat}
            caller={callerName(ring().call, ring().chat.lastMessage?.system)}
          />
        )}
      </Keyed>
    </div>
  )
}

/** The system message that came with the call names the caller. */
function callerName(call: Call, system: SystemEvent | null | undefined): string | null {
  const tells = system?.event === 'call.started' && system.callId === call.id
  return tells ? system.actor.displayName : null
}
