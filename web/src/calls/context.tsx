import { createContext, type JSX, useContext } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { type CallDesk, createCallDesk } from './desk.ts'

const Context = createContext<CallDesk>()

/** Gives the page its one call desk. */
export function CallsProvider(props: {
  onOpenChat: (chatId: string) => void
  children: JSX.Element
}) {
  const desk = createCallDesk({
    client: useClient(),
    t: useI18n().t,
    feedback: useFeedback(),
    onOpenChat: (chatId) => props.onOpenChat(chatId),
  })
  return <Context.Provider value={desk}>{props.children}</Context.Provider>
}

/** @throws Error outside of a CallsProvider */
export function useCalls(): CallDesk {
  const desk = useContext(Context)
  if (!desk) throw new Error('useCalls needs a CallsProvider above it')
  return desk
}
