import type { Client } from '@beseda/client/client'
import type { Store } from '@beseda/client/store'
import {
  type Accessor,
  createContext,
  createSignal,
  type JSX,
  onCleanup,
  useContext,
} from 'solid-js'

const Context = createContext<Client>()

/** Gives the page its one client. */
export function ClientProvider(props: { client: Client; children: JSX.Element }) {
  return <Context.Provider value={props.client}>{props.children}</Context.Provider>
}

/** @throws Error outside of a ClientProvider */
export function useClient(): Client {
  const client = useContext(Context)
  if (!client) throw new Error('useClient needs a ClientProvider above it')
  return client
}

/** A store of the client as a signal, for as long as the owner lives. */
export function fromStore<State>(store: Store<State>): Accessor<State> {
  const [state, setState] = createSignal(store.get())
  onCleanup(store.subscribe((next) => setState(() => next)))
  return state
}

/** The address of an avatar's picture, or null while there is none. */
export const pictureUrl = (fileId: string | null | undefined) =>
  fileId ? `/api/files/${fileId}` : null
