import { serverInvitePreviewSchema } from '@beseda/protocol/administration'
import {
  type ChangePasswordBody,
  deviceListSchema,
  type LoginBody,
  linkPreviewSchema,
  type RegisterBody,
  sessionSchema,
} from '@beseda/protocol/auth'
import {
  callAnswerSchema,
  callLogSchema,
  callSchema,
  type JoinCallBody,
  myCallSchema,
  type StartCallBody,
  type UpdateCallPeerBody,
} from '@beseda/protocol/calls'
import {
  type AddMembersBody,
  addMembersAnswerSchema,
  type CreateChatBody,
  chatPageSchema,
  chatSchema,
  memberPageSchema,
  memberSchema,
  type UpdateChatBody,
  type UpdateMemberBody,
} from '@beseda/protocol/chats'
import { configSchema } from '@beseda/protocol/config'
import { diagnosisSchema } from '@beseda/protocol/diagnosis'
import { type ErrorBody, type ErrorCode, errorBodySchema } from '@beseda/protocol/errors'
import { fileSchema, type UploadPurpose } from '@beseda/protocol/files'
import {
  type CreateInviteBody,
  inviteListSchema,
  invitePreviewSchema,
  inviteSchema,
} from '@beseda/protocol/invites'
import {
  type MessageListQuery,
  type MessageSearchQuery,
  messagePageSchema,
  messageSchema,
  messageSearchPageSchema,
  readAnswerSchema,
  type SendMessageBody,
} from '@beseda/protocol/messages'
import {
  type UpdateMeBody,
  type UserSearchQuery,
  userPageSchema,
  userSchema,
} from '@beseda/protocol/users'
import { z } from 'zod'
import { createAdminRest } from './admin-rest.ts'
import { canTellProgress, postWithProgress } from './upload.ts'

/** A request that was refused (`code` as the server says) or that never arrived (`NETWORK`). */
export class RequestError extends Error {
  override name = 'RequestError'
  readonly code: ErrorCode | 'NETWORK' | 'BAD_ANSWER'
  readonly issues: ErrorBody['issues']
  /** Seconds to wait before the next try, where the server says so. */
  readonly retryAfter: number | null
  /** With `IN_ANOTHER_CALL`: where the user is. */
  readonly call: ErrorBody['call']

  constructor(
    code: RequestError['code'],
    message: string,
    details: Pick<ErrorBody, 'issues' | 'call'> & {
      retryAfter?: number | null
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.issues = details.issues
    this.retryAfter = details.retryAfter ?? null
    this.call = details.call
  }
}

type Call<Answer extends z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  answer: Answer
  query?: Record<string, string | number | undefined>
  body?: unknown
  signal?: AbortSignal | undefined
  /** Of a form: is told the part that has gone out, 0 to 1, where that can be known. */
  onProgress?: ((part: number) => void) | undefined
  /** False for the calls that make or end a session, which need no access token. */
  authorized?: boolean
}

type UploadOptions = {
  purpose: UploadPurpose
  /** Is told the part that has gone out, 0 to 1; never outside of browsers. */
  onProgress?: (part: number) => void
  signal?: AbortSignal
}

type RestOptions = {
  /** Where the server is, without a slash at the end; empty for the page's own origin. */
  url: string
  fetch: typeof globalThis.fetch
  /** The access token, or null while there is none. */
  accessToken(): string | null
  /** Get a new access token; false when the session is over. */
  renew(): Promise<boolean>
}

/** Makes one of the server's REST calls. */
export type CallRest = <Answer extends z.ZodType>(wanted: Call<Answer>) => Promise<z.output<Answer>>

/** Nothing is said in the answer, or nothing that matters. */
const nothing = z.unknown()

/**
 * The server's REST calls. Each answer is parsed by its schema; a refused call
 * throws `RequestError`. An expired access token is renewed once, unseen.
 */
export function createRest(options: RestOptions) {
  async function call<Answer extends z.ZodType>(wanted: Call<Answer>): Promise<z.output<Answer>> {
    const authorized = wanted.authorized ?? true
    let response = await send(options, wanted)
    const signedIn = authorized && options.accessToken() !== null
    if (response.status === 401 && signedIn && (await options.renew())) {
      response = await send(options, wanted)
    }
    return read(response, wanted.answer)
  }

  const chat = (chatId: string) => `/api/chats/${chatId}`
  const message = (chatId: string, messageId: string) => `${chat(chatId)}/messages/${messageId}`
  return {
    /** Works without a session too. */
    /** What it takes to try the ways of a call. */
    diagnosis: () => call({ method: 'POST', path: '/api/diagnosis', answer: diagnosisSchema }),
    config: () =>
      call({ method: 'GET', path: '/api/config', answer: configSchema, authorized: false }),

    register: (body: RegisterBody) =>
      call({
        method: 'POST',
        path: '/api/auth/register',
        body,
        answer: sessionSchema,
        authorized: false,
      }),
    login: (body: LoginBody) =>
      call({
        method: 'POST',
        path: '/api/auth/login',
        body,
        answer: sessionSchema,
        authorized: false,
      }),
    refresh: () =>
      call({ method: 'POST', path: '/api/auth/refresh', answer: sessionSchema, authorized: false }),
    logout: () =>
      call({ method: 'POST', path: '/api/auth/logout', answer: nothing, authorized: false }),

    /** For administrators of the server. */
    admin: createAdminRest(call),
    /** Where the user is signed in. */
    devices: () => call({ method: 'GET', path: '/api/me/sessions', answer: deviceListSchema }),
    /** Sign out one other device, or all others. */
    endDevices: (sessionId?: string) =>
      call({
        method: 'DELETE',
        path: `/api/me/sessions${sessionId === undefined ? '' : `/${sessionId}`}`,
        answer: nothing,
      }),
    /** All other devices are signed out. */
    changePassword: (body: ChangePasswordBody) =>
      call({ method: 'PUT', path: '/api/me/password', body, answer: nothing }),
    /** What a one-time link is for. Works without a session too. */
    previewLink: (token: string) =>
      call({
        method: 'POST',
        path: '/api/links/preview',
        body: { token },
        answer: linkPreviewSchema,
        authorized: false,
      }),
    /** What an invitation to the server is. Works without a session too. */
    previewServerInvite: (code: string) =>
      call({
        method: 'GET',
        path: `/api/server-invites/${code}`,
        answer: serverInvitePreviewSchema,
        authorized: false,
      }),
    /** Become the server's owner by an owner link. */
    claimOwnership: (token: string) =>
      call({ method: 'POST', path: '/api/links/owner', body: { token }, answer: nothing }),

    /** Choose a new password by a reset link; every session ends. */
    resetPassword: (token: string, password: string) =>
      call({
        method: 'POST',
        path: '/api/links/reset',
        body: { token, password },
        answer: nothing,
        authorized: false,
      }),

    me: () => call({ method: 'GET', path: '/api/me', answer: userSchema }),
    updateMe: (body: UpdateMeBody) =>
      call({ method: 'PATCH', path: '/api/me', body, answer: userSchema }),
    users: (query: UserSearchQuery, signal?: AbortSignal) =>
      call({ method: 'GET', path: '/api/users', query, answer: userPageSchema, signal }),
    uploadFile: (file: Blob, name: string, { purpose, ...options }: UploadOptions) => {
      const body = new FormData()
      body.append('file', file, name)
      const query = { purpose }
      return call({
        method: 'POST',
        path: '/api/files',
        query,
        body,
        answer: fileSchema,
        ...options,
      })
    },

    chats: (query: { cursor?: string; limit?: number } = {}) =>
      call({ method: 'GET', path: '/api/chats', query, answer: chatPageSchema }),
    chat: (chatId: string) => call({ method: 'GET', path: chat(chatId), answer: chatSchema }),
    createChat: (body: CreateChatBody) =>
      call({ method: 'POST', path: '/api/chats', body, answer: chatSchema }),
    updateChat: (chatId: string, body: UpdateChatBody) =>
      call({ method: 'PATCH', path: chat(chatId), body, answer: chatSchema }),
    deleteChat: (chatId: string) => call({ method: 'DELETE', path: chat(chatId), answer: nothing }),
    muteChat: (chatId: string, muted: boolean) =>
      call({ method: 'PUT', path: `${chat(chatId)}/mute`, body: { muted }, answer: nothing }),
    updateMember: (chatId: string, userId: string, body: UpdateMemberBody) =>
      call({
        method: 'PATCH',
        path: `${chat(chatId)}/members/${userId}`,
        body,
        answer: memberSchema,
      }),
    /** With the own id: leave. */
    removeMember: (chatId: string, userId: string) =>
      call({ method: 'DELETE', path: `${chat(chatId)}/members/${userId}`, answer: nothing }),
    transferOwnership: (chatId: string, userId: string) =>
      call({ method: 'POST', path: `${chat(chatId)}/owner`, body: { userId }, answer: chatSchema }),
    invites: (chatId: string) =>
      call({ method: 'GET', path: `${chat(chatId)}/invites`, answer: inviteListSchema }),
    createInvite: (chatId: string, body: CreateInviteBody) =>
      call({ method: 'POST', path: `${chat(chatId)}/invites`, body, answer: inviteSchema }),
    revokeInvite: (chatId: string, code: string) =>
      call({ method: 'DELETE', path: `${chat(chatId)}/invites/${code}`, answer: nothing }),
    /** Works without a session too. */
    previewInvite: (code: string) =>
      call({ method: 'GET', path: `/api/invites/${code}`, answer: invitePreviewSchema }),
    joinByInvite: (code: string) =>
      call({ method: 'POST', path: `/api/invites/${code}/join`, answer: chatSchema }),
    members: (chatId: string, query: { q?: string; cursor?: string; limit?: number } = {}) =>
      call({ method: 'GET', path: `${chat(chatId)}/members`, query, answer: memberPageSchema }),
    addMembers: (chatId: string, body: AddMembersBody) =>
      call({
        method: 'POST',
        path: `${chat(chatId)}/members`,
        body,
        answer: addMembersAnswerSchema,
      }),

    messages: (chatId: string, query: MessageListQuery = {}) =>
      call({
        method: 'GET',
        path: `${chat(chatId)}/messages`,
        query,
        answer: messagePageSchema,
      }),
    sendMessage: (chatId: string, body: SendMessageBody) =>
      call({ method: 'POST', path: `${chat(chatId)}/messages`, body, answer: messageSchema }),
    message: (chatId: string, messageId: string) =>
      call({ method: 'GET', path: message(chatId, messageId), answer: messageSchema }),
    editMessage: (chatId: string, messageId: string, body: string) =>
      call({
        method: 'PATCH',
        path: message(chatId, messageId),
        body: { body },
        answer: messageSchema,
      }),
    deleteMessage: (chatId: string, messageId: string) =>
      call({ method: 'DELETE', path: message(chatId, messageId), answer: nothing }),
    react: (chatId: string, messageId: string, emoji: string, on: boolean) =>
      call({
        method: on ? 'PUT' : 'DELETE',
        path: `${message(chatId, messageId)}/reactions/${encodeURIComponent(emoji)}`,
        answer: nothing,
      }),
    pin: (chatId: string, messageId: string, on: boolean) =>
      call({
        method: on ? 'PUT' : 'DELETE',
        path: `${message(chatId, messageId)}/pin`,
        answer: nothing,
      }),
    pins: (chatId: string) =>
      call({ method: 'GET', path: `${chat(chatId)}/pins`, answer: messagePageSchema }),
    searchMessages: (query: MessageSearchQuery, signal?: AbortSignal) =>
      call({
        method: 'GET',
        path: '/api/search/messages',
        query,
        answer: messageSearchPageSchema,
        signal,
      }),
    markRead: (chatId: string, seq: number) =>
      call({
        method: 'PUT',
        path: `${chat(chatId)}/read`,
        body: { seq },
        answer: readAnswerSchema,
      }),

    startCall: (chatId: string, body: StartCallBody) =>
      call({ method: 'POST', path: `${chat(chatId)}/calls`, body, answer: callAnswerSchema }),
    callLog: (chatId: string, query: { cursor?: string; limit?: number } = {}) =>
      call({ method: 'GET', path: `${chat(chatId)}/calls`, query, answer: callLogSchema }),
    call: (callId: string) =>
      call({ method: 'GET', path: `/api/calls/${callId}`, answer: callSchema }),
    joinCall: (callId: string, body: JoinCallBody = {}) =>
      call({ method: 'POST', path: `/api/calls/${callId}/join`, body, answer: callAnswerSchema }),
    /** The call that the user is in, on any device. */
    myCall: () => call({ method: 'GET', path: '/api/me/call', answer: myCallSchema }),
    /** Mute somebody, let them speak, or take that back. */
    updateCallPeer: (callId: string, userId: string, body: UpdateCallPeerBody) =>
      call({
        method: 'PATCH',
        path: `/api/calls/${callId}/peers/${userId}`,
        body,
        answer: nothing,
      }),
    removeCallPeer: (callId: string, userId: string) =>
      call({ method: 'DELETE', path: `/api/calls/${callId}/peers/${userId}`, answer: nothing }),
    declineCall: (callId: string) =>
      call({ method: 'POST', path: `/api/calls/${callId}/decline`, answer: nothing }),
    endCall: (callId: string) =>
      call({ method: 'POST', path: `/api/calls/${callId}/end`, answer: nothing }),
  }
}
export type Rest = ReturnType<typeof createRest>

async function send(options: RestOptions, wanted: Call<z.ZodType>): Promise<Response> {
  const { method, body, signal, onProgress } = wanted
  const url = options.url + wanted.path + searchOf(wanted.query)
  const token = options.accessToken()
  const isForm = body instanceof FormData
  const headers: Record<string, string> = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
  try {
    if (isForm && onProgress && canTellProgress()) {
      return await postWithProgress(url, { method, headers, body, signal }, onProgress)
    }
    return await options.fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new RequestError('NETWORK', 'The server could not be reached.', { cause })
  }
}

function searchOf(query: Call<z.ZodType>['query']): string {
  const given = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}

async function read<Answer extends z.ZodType>(
  response: Response,
  answer: Answer,
): Promise<z.output<Answer>> {
  const text = await response.text().catch((cause: unknown) => {
    throw new RequestError('NETWORK', 'The answer broke off.', { cause })
  })
  const parsed = z.safeParse(response.ok ? answer : errorBodySchema, parseJson(text))
  if (!parsed.success) {
    // A proxy in between answers for a server that is away.
    if (response.status >= 502) throw new RequestError('NETWORK', 'The server is not there.')
    throw new RequestError(
      'BAD_ANSWER',
      `The server's answer makes no sense (${response.status}).`,
      {
        cause: parsed.error,
      },
    )
  }
  if (response.ok) return parsed.data as z.output<Answer>
  const refusal = errorBodySchema.parse(parsed.data)
  const retryAfter = Number(response.headers.get('retry-after')) || null
  const { issues, call } = refusal
  throw new RequestError(refusal.code, refusal.message, { issues, call, retryAfter })
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
