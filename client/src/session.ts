import type { LoginBody, RegisterBody, Session } from '@beseda/protocol/auth'
import type { AccountRole } from '@beseda/protocol/permissions'
import type { UpdateMeBody, User } from '@beseda/protocol/users'
import { backoff } from './backoff.ts'
import { RequestError, type Rest } from './rest.ts'
import { createStore, type Store } from './store.ts'

export type SessionState =
  /** The cookie of an earlier visit is being tried; `unreachable` while the server does not answer. */
  | { status: 'restoring'; unreachable: boolean }
  /** `expired` when a session was there and is over. */
  | { status: 'anonymous'; expired: boolean }
  | { status: 'authenticated'; user: User; serverRole: AccountRole }

export type SessionControl = {
  state: Store<SessionState>
  /** @throws RequestError as the server refuses */
  register(body: RegisterBody): Promise<void>
  /** @throws RequestError as the server refuses */
  login(body: LoginBody): Promise<void>
  /** Try the cookie of an earlier visit, again and again while the server is away. */
  restore(): Promise<void>
  logout(): Promise<void>
  updateMe(body: UpdateMeBody): Promise<void>
}

/**
 * The signed-in user. The access token lives in memory alone; the refresh
 * token lives in a cookie that scripts can't read.
 */
export function createSession(rest: () => Rest) {
  const state = createStore<SessionState>({ status: 'anonymous', expired: false })
  let accessToken: string | null = null
  let renewal: Promise<boolean> | null = null

  const enter = (session: Session) => {
    accessToken = session.accessToken
    const { user, serverRole } = session
    state.set({ status: 'authenticated', user, serverRole })
  }
  const leave = (expired: boolean) => {
    accessToken = null
    state.set({ status: 'anonymous', expired })
  }

  async function refreshOnce(): Promise<boolean> {
    try {
      enter(await rest().refresh())
      return true
    } catch (error) {
      const over =
        error instanceof RequestError &&
        !['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED'].includes(error.code)
      if (!over) throw error
      leave(state.get().status === 'authenticated')
      return false
    }
  }

  /** Several callers whose token expired at once share one renewal. */
  function renew(): Promise<boolean> {
    renewal ??= refreshOnce().finally(() => {
      renewal = null
    })
    return renewal
  }

  const control: SessionControl = {
    state,
    register: async (body) => enter(await rest().register(body)),
    login: async (body) => enter(await rest().login(body)),
    async restore() {
      state.set({ status: 'restoring', unreachable: false })
      for (let attempt = 0; state.get().status === 'restoring'; attempt++) {
        try {
          await renew()
        } catch {
          state.set({ status: 'restoring', unreachable: true })
          await new Promise((resolve) => setTimeout(resolve, backoff(attempt)))
        }
      }
    },
    async logout() {
      try {
        await rest().logout()
      } finally {
        leave(false)
      }
    },
    async updateMe(body) {
      const user = await rest().updateMe(body)
      const before = state.get()
      const serverRole = before.status === 'authenticated' ? before.serverRole : 'member'
      state.set({ status: 'authenticated', user, serverRole })
    },
  }
  return { control, accessToken: () => accessToken, renew }
}
