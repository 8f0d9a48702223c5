import { chatSchema } from '@beseda/protocol/chats'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

let house: TestHouse
let anna: Person
let boris: Person
let chatId: string
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())
beforeEach(async () => {
  chatId = (await anna.group([boris.id], 'Before')).id
})

const shown = async (person: Person) =>
  chatSchema.parse((await person.call('GET', `/chats/${chatId}`)).json())

describe('PATCH /chats/:chatId', () => {
  test('changes what is named, with one message for each kind of change', async () => {
    const socket = await boris.socket()
    const reply = await anna.call('PATCH', `/chats/${chatId}`, {
      name: 'After',
      description: 'For us',
      callSettings: { muteAll: true },
    })
    const wanted = {
      name: 'After',
      description: 'For us',
      callSettings: { muteAll: true, onlyAdminsCanSpeak: false },
    }
    expect(chatSchema.parse(reply.json())).toMatchObject({ ...wanted, lastSeq: 4 })
    expect((await socket.next('chat.updated')).chat).toMatchObject({ id: chatId, ...wanted })
    await socket.next('message.created', ({ message }) => message.seq === 4)
    const told = socket.events.flatMap((event) =>
      event.type === 'message.created' ? [event.message.system] : [],
    )
    const actor = { id: anna.id, displayName: 'Анна' }
    expect(told).toEqual([
      { event: 'chat.renamed', actor, name: 'After' },
      { event: 'chat.described', actor },
      { event: 'chat.speakers', actor, muteAll: true, onlyAdminsCanSpeak: false },
    ])
    expect((await shown(boris)).lastMessage?.system?.event).toBe('chat.speakers')
    await socket.close()
  })

  test('says nothing of what stays as it was', async () => {
    const body = { name: 'Before', description: '', avatarId: null, callSettings: {} }
    const reply = await anna.call('PATCH', `/chats/${chatId}`, body)
    expect(chatSchema.parse(reply.json())).toMatchObject({ lastSeq: 1 })
  })

  test('asks for the right to each part', async () => {
    const patch = (body: object) => boris.call('PATCH', `/chats/${chatId}`, body)
    expect((await patch({ name: 'x' })).json().code).toBe('FORBIDDEN')
    await anna.call('PATCH', `/chats/${chatId}/members/${boris.id}`, {
      permissions: { canEditInfo: true },
    })
    expect((await patch({ name: 'By Boris' })).statusCode).toBe(200)
    const both = await patch({ name: 'Not this', callSettings: { muteAll: true } })
    expect(both.json().code).toBe('FORBIDDEN')
    expect((await shown(anna)).name).toBe('By Boris')
  })

  test('takes no picture of somebody else, and nothing of a personal chat', async () => {
    const avatarId = '01999999-0000-7000-8000-000000000000'
    const picture = await anna.call('PATCH', `/chats/${chatId}`, { avatarId })
    expect(picture.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'avatarId' }] })
    const personal = await anna.personalChat(boris.id)
    const renamed = await anna.call('PATCH', `/chats/${personal.id}`, { name: 'x' })
    expect(renamed.json().code).toBe('FORBIDDEN')
  })
})

describe('DELETE /chats/:chatId', () => {
  test('closes the chat for everybody, with all that is in it', async () => {
    await anna.send(chatId, 'hello')
    const sockets = [await anna.socket(), await boris.socket()]
    expect((await anna.call('DELETE', `/chats/${chatId}`)).statusCode).toBe(204)
    for (const socket of sockets) {
      expect(await socket.next('chat.closed')).toEqual({
        type: 'chat.closed',
        chatId,
        reason: 'deleted',
        actor: 'Анна',
      })
      await socket.close()
    }
    const gone = await anna.call('GET', `/chats/${chatId}/messages`)
    expect(gone.json().code).toBe('NOT_FOUND')
  })

  test('is the owner’s alone', async () => {
    await anna.call('PATCH', `/chats/${chatId}/members/${boris.id}`, { role: 'admin' })
    expect((await boris.call('DELETE', `/chats/${chatId}`)).json().code).toBe('FORBIDDEN')
    await shown(boris)
  })
})

describe('PUT /chats/:chatId/mute', () => {
  test('holds for one member, on all their devices', async () => {
    const [own, other] = [await boris.socket(), await anna.socket()]
    const reply = await boris.call('PUT', `/chats/${chatId}/mute`, { muted: true })
    expect(reply.json()).toEqual({ muted: true })
    expect(await own.next('chat.muted')).toEqual({ type: 'chat.muted', chatId, muted: true })
    expect((await shown(boris)).self.muted).toBe(true)
    expect((await shown(anna)).self.muted).toBe(false)
    await anna.send(chatId, 'after')
    await other.next('message.created')
    expect(other.events.some(({ type }) => type === 'chat.muted')).toBe(false)
    await Promise.all([own.close(), other.close()])
  })

  test('is not for strangers', async () => {
    const stranger = await house.person()
    const reply = await stranger.call('PUT', `/chats/${chatId}/mute`, { muted: true })
    expect(reply.json().code).toBe('NOT_FOUND')
  })
})
