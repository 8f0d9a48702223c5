import {
  adminUserPageSchema,
  adminUserSchema,
  auditPageSchema,
  liveCallListSchema,
  liveNodeListSchema,
  madeLinkSchema,
  serverInviteListSchema,
  serverInviteSchema,
  serverRulesSchema,
  type UpdateAdminUserBody,
  type UpdateServerRulesBody,
} from '@beseda/protocol/administration'
import { deviceListSchema } from '@beseda/protocol/auth'
import type { CreateInviteBody } from '@beseda/protocol/invites'
import { z } from 'zod'
import type { CallRest } from './rest.ts'

type PageQuery = { cursor?: string; limit?: number }

const nothing = z.unknown()

/** What administrators of the server ask of it. */
export function createAdminRest(call: CallRest) {
  const user = (userId: string) => `/api/admin/users/${userId}`
  return {
    users: (query: PageQuery & { q?: string }) =>
      call({ method: 'GET', path: '/api/admin/users', query, answer: adminUserPageSchema }),
    updateUser: (userId: string, body: UpdateAdminUserBody) =>
      call({ method: 'PATCH', path: user(userId), body, answer: adminUserSchema }),
    resetLink: (userId: string) =>
      call({ method: 'POST', path: `${user(userId)}/reset-link`, answer: madeLinkSchema }),
    sessions: (userId: string) =>
      call({ method: 'GET', path: `${user(userId)}/sessions`, answer: deviceListSchema }),
    /** One of them, or all. */
    endSessions: (userId: string, sessionId?: string) =>
      call({
        method: 'DELETE',
        path: `${user(userId)}/sessions${sessionId === undefined ? '' : `/${sessionId}`}`,
        answer: nothing,
      }),
    rules: () => call({ method: 'GET', path: '/api/admin/rules', answer: serverRulesSchema }),
    updateRules: (body: UpdateServerRulesBody) =>
      call({ method: 'PATCH', path: '/api/admin/rules', body, answer: serverRulesSchema }),
    invites: () =>
      call({ method: 'GET', path: '/api/admin/invites', answer: serverInviteListSchema }),
    createInvite: (body: CreateInviteBody) =>
      call({ method: 'POST', path: '/api/admin/invites', body, answer: serverInviteSchema }),
    revokeInvite: (code: string) =>
      call({ method: 'DELETE', path: `/api/admin/invites/${code}`, answer: nothing }),
    calls: () => call({ method: 'GET', path: '/api/admin/calls', answer: liveCallListSchema }),
    endCall: (callId: string) =>
      call({ method: 'POST', path: `/api/admin/calls/${callId}/end`, answer: nothing }),
    nodes: () => call({ method: 'GET', path: '/api/admin/nodes', answer: liveNodeListSchema }),
    drain: (node: string, on: boolean) =>
      call({
        method: 'PUT',
        path: `/api/admin/nodes/${encodeURIComponent(node)}/draining`,
        body: { on },
        answer: nothing,
      }),
    audit: (query: PageQuery) =>
      call({ method: 'GET', path: '/api/admin/audit', query, answer: auditPageSchema }),
  }
}
