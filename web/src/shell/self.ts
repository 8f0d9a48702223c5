import type { User } from '@beseda/protocol/users'
import { type Accessor, createMemo } from 'solid-js'
import { fromStore, useClient } from './client.tsx'

/** The signed-in user; null on the way in and out. */
export function useSelf(): Accessor<User | null> {
  const state = fromStore(useClient().session.state)
  return createMemo(() => {
    const session = state()
    return session.status === 'authenticated' ? session.user : null
  })
}
