import { sessionSchema } from '@beseda/protocol/auth'
import { chatSchema } from '@beseda/protocol/chats'
import { fileSchema } from '@beseda/protocol/files'
import { messageSchema } from '@beseda/protocol/messages'
import type { InjectOptions } from 'fastify'
import { v4, v7 } from 'uuid'
import type { TestServer } from './app.ts'
import { openEventSocket } from './event-socket.ts'

let count = 0

/** Somebody with an account, and what they can do. */
export type Person = Awaited<ReturnType<typeof signUp>>

export const password = 'a long password'

/** Make an account by the front door. */
export async function signUp(server: TestServer, displayName = 'Somebody') {
  count += 1
  const username = `user${count}.${v7().slice(-12)}`
  const reply = await server.app.inject({
    method: 'POST',
    url: '/api/auth/register',
    body: { username, password, displayName },
  })
  const { user, accessToken: token } = sessionSchema.parse(reply.json())
  const cookies = Object.fromEntries(reply.cookies.map(({ name, value }) => [name, value]))

  /** Call the API as this person. */
  function call(method: NonNullable<InjectOptions['method']>, url: string, body?: object) {
    const headers = { authorization: `Bearer ${token}` }
    return server.app.inject({ method, url: `/api${url}`, headers, ...(body && { body }) })
  }

  /** Post a file as this person's browser would. */
  function post(bytes: Buffer | string, name: string, { purpose = 'attachment', type = '' } = {}) {
    const form = new FormData()
    const part = typeof bytes === 'string' ? bytes : new Uint8Array(bytes)
    form.append('file', new Blob([part], { type }), name)
    const headers = { authorization: `Bearer ${token}` }
    const address = `${server.url}/api/files?purpose=${purpose}`
    return fetch(address, { method: 'POST', body: form, headers })
  }

  return {
    ...user,
    user,
    token,
    cookies,
    call,
    post,
    /** Post a file that is taken. */
    async upload(
      bytes: Buffer | string,
      name: string,
      as: { purpose?: string; type?: string } = {},
    ) {
      return fileSchema.parse(await (await post(bytes, name, as)).json())
    },
    /**
     * Open the event socket and say hello; resolves when it is ready. Only one that catches up
     * hears of what was done before.
     */
    async socket(seqs?: Record<string, number>, at: TestServer = server) {
      const socket = await openEventSocket(at.url, { token, ...(seqs && { seqs }) })
      const catchesUp = Object.keys(seqs ?? {}).length > 0
      const { bus } = server.services
      if (!catchesUp) await socket.settle((event) => bus.publish({ userIds: [user.id] }, event))
      return socket
    },
    async personalChat(userId: string) {
      return chatSchema.parse((await call('POST', '/chats', { type: 'personal', userId })).json())
    },
    async group(memberIds: string[], name = 'A group') {
      const body = { type: 'group', name, memberIds }
      return chatSchema.parse((await call('POST', '/chats', body)).json())
    },
    async send(chatId: string, body: string, fileIds?: string[]) {
      const content = { body, clientId: v4(), ...(fileIds && { fileIds }) }
      const reply = await call('POST', `/chats/${chatId}/messages`, content)
      return messageSchema.parse(reply.json())
    },
  }
}
