import type { CallSession } from '@beseda/client/calls/session'
import type { CallState } from '@beseda/client/calls/state'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import { type Accessor, createContext, useContext } from 'solid-js'
import type { CallQuality } from './call-quality.ts'
import type { Moderation } from './moderation.ts'
import type { CallView } from './view.ts'

/** The call that is on, for everything that its screens show. */
export type CallScreen = {
  session: CallSession
  state: Accessor<CallState>
  /** Undefined while the chats are not loaded. */
  chat: Accessor<Chat | undefined>
  self: Accessor<User>
  view: CallView
  moderation: Moderation
  quality: CallQuality
}

const Context = createContext<CallScreen>()
export const CallScreenProvider = Context.Provider

/** @throws Error outside of a CallScreenProvider */
export function useCall(): CallScreen {
  const call = useContext(Context)
  if (!call) throw new Error('useCall needs a CallScreenProvider above it')
  return call
}
