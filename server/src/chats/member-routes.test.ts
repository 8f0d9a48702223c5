import { chatSchema, memberPageSchema, memberSchema } from '@beseda/protocol/chats'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

let house: TestHouse
let second: TestServer
let anna: Person
let boris: Person
let vera: Person
let chatId: string
beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  vera = await house.person('Вера Ёлкина')
})
afterAll(() => house.close())
beforeEach(async () => {
  chatId = (await anna.group([vera.id, boris.id])).id
})

const change = (by: Person, of: Person, body: object) =>
  by.call('PATCH', `/chats/${chatId}/members/${of.id}`, body)
const remove = (by: Person, of: Person) => by.call('DELETE', `/chats/${chatId}/members/${of.id}`)
const handOver = (by: Person, to: Person) =>
  by.call('POST', `/chats/${chatId}/owner`, { userId: to.id })
const shown = async (person: Person) =>
  chatSchema.parse((await person.call('GET', `/chats/${chatId}`)).json())
const members = async (query = '') =>
  memberPageSchema.parse((await anna.call('GET', `/chats/${chatId}/members${query}`)).json())
/** The names on all pages, one member a page. */
async function walk(query = ''): Promise<string[]> {
  const names: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await members(`?${encodeURI(query)}&limit=1${cursor && `&cursor=${cursor}`}`)
    names.push(...page.items.map(({ user }) => user.displayName))
    cursor = page.nextCursor
  }
  return names
}
const codeOf = async (reply: ReturnType<Person['call']>) => (await reply).json().code
async function rolesById() {
  const { items } = await members()
  return Object.fromEntries(items.map(({ user, role }) => [user.id, role]))
}

describe('the list', () => {
  test('is by role and then name, page by page', async () => {
    const arkadi = await house.person('аркадий')
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [arkadi.id] })
    await change(anna, vera, { role: 'admin' })
    expect(await walk()).toEqual(['Анна', 'Вера Ёлкина', 'аркадий', 'Борис'])
  })

  test('has those first whom a name fits best, whatever their role', async () => {
    const borislava = await house.person('Борислава')
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [borislava.id] })
    await change(anna, borislava, { role: 'admin' })
    expect(await walk('q=борис')).toEqual(['Борис', 'Борислава'])
  })

  test.each([
    ['елк', ['Вера Ёлкина']],
    ['бориз', ['Борис']],
    ['nobody at all', []],
  ])('finds by name: %s', async (q, names) => {
    const { items } = await members(`?q=${encodeURIComponent(q)}`)
    expect(items.map(({ user }) => user.displayName)).toEqual(names)
  })
})

describe('roles and permissions', () => {
  test('are changed, answered and told to everybody', async () => {
    const socket = await boris.socket()
    const promoted = memberSchema.parse((await change(anna, boris, { role: 'admin' })).json())
    expect(promoted).toMatchObject({ user: { id: boris.id }, role: 'admin' })
    expect(await socket.next('member.updated')).toMatchObject({ userId: boris.id, role: 'admin' })
    const { message } = await socket.next('message.created')
    expect(message.system).toMatchObject({ event: 'member.role', role: 'admin' })

    const given = await change(boris, vera, { permissions: { canAddMembers: true } })
    expect(memberSchema.parse(given.json()).permissions).toEqual({
      canAddMembers: true,
      canRemoveMembers: false,
      canEditInfo: false,
      canStartCall: true,
    })
    await socket.next('member.updated', ({ userId }) => userId === vera.id)
    expect((await shown(vera)).lastSeq).toBe(2)
    await socket.close()
  })

  test('stay as they are for the one who asks, and without the right', async () => {
    expect(await codeOf(change(anna, anna, { role: 'member' }))).toBe('FORBIDDEN')
    expect(await codeOf(change(boris, vera, { role: 'admin' }))).toBe('FORBIDDEN')
    await change(anna, boris, { role: 'admin' })
    expect(await codeOf(change(boris, vera, { role: 'admin' }))).toBe('FORBIDDEN')
    const own = { permissions: { canStartCall: false } }
    expect(await codeOf(change(boris, boris, own))).toBe('FORBIDDEN')
    expect(await codeOf(change(boris, anna, own))).toBe('FORBIDDEN')
    expect(await codeOf(change(anna, await house.person(), own))).toBe('NOT_FOUND')
  })

  test('are not told of when nothing changes', async () => {
    const same = { role: 'member', permissions: { canStartCall: true } }
    expect((await change(anna, boris, same)).statusCode).toBe(200)
    expect((await shown(anna)).lastSeq).toBe(1)
  })
})

describe('the owner', () => {
  test('hands over, and is an admin from then on', async () => {
    const socket = await vera.socket()
    const reply = await handOver(anna, boris)
    expect(chatSchema.parse(reply.json()).self.role).toBe('admin')
    await socket.next('member.updated', (event) => event.role === 'owner')
    await socket.next('member.updated', ({ userId }) => userId === anna.id)
    const { message } = await socket.next('message.created')
    expect(message.system).toMatchObject({ event: 'chat.owner', user: { id: boris.id } })
    expect(await codeOf(handOver(anna, vera))).toBe('FORBIDDEN')
    await socket.close()
  })

  test('does not hand over to themselves or to a stranger', async () => {
    expect(await codeOf(handOver(anna, anna))).toBe('VALIDATION')
    expect(await codeOf(handOver(anna, await house.person()))).toBe('VALIDATION')
  })

  test('is one, however many are named at once', async () => {
    for (let round = 0; round < 10; round++) {
      chatId = (await anna.group([vera.id, boris.id])).id
      const replies = await Promise.all([handOver(anna, boris), handOver(anna, vera)])
      expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403])
      expect(Object.values(await rolesById()).sort()).toEqual(['admin', 'member', 'owner'])
    }
  })

  test('does not leave others behind, and takes an empty chat along', async () => {
    expect(await codeOf(remove(anna, anna))).toBe('OWNER_MUST_HAND_OVER')
    await remove(anna, boris)
    await remove(anna, vera)
    const socket = await anna.socket()
    expect((await remove(anna, anna)).statusCode).toBe(204)
    expect((await socket.next('chat.closed')).reason).toBe('deleted')
    expect(await codeOf(anna.call('GET', `/chats/${chatId}`))).toBe('NOT_FOUND')
    await socket.close()
  })

  test('who hands over while the next one leaves is never missed', async () => {
    const [handed] = await Promise.all([handOver(anna, boris), remove(boris, boris)])
    const roles = Object.values(await rolesById())
    expect(roles.filter((role) => role === 'owner')).toHaveLength(1)
    expect([200, 400]).toContain(handed.statusCode)
  })
})

describe('whoever goes', () => {
  test.each([
    ['removed', () => remove(anna, boris), 'Анна'],
    ['left', () => remove(boris, boris), 'Борис'],
  ] as const)('%s: hears so, and then nothing more, on any server', async (reason, go, actor) => {
    const gone = [await boris.socket(), await boris.socket(undefined, second)]
    const stays = await vera.socket()
    expect((await go()).statusCode).toBe(204)
    for (const socket of gone) {
      expect(await socket.next('chat.closed')).toEqual({
        type: 'chat.closed',
        chatId,
        reason,
        actor,
      })
    }
    const counted = { chatId, userId: boris.id, memberCount: 2 }
    expect(await stays.next('member.removed')).toMatchObject(counted)
    const { message } = await stays.next('message.created')
    expect(message.system?.event).toBe(`member.${reason}`)

    await anna.send(chatId, 'among us')
    await stays.next('message.created', (event) => event.message.body === 'among us')
    const sync = await boris.personalChat(vera.id)
    await vera.send(sync.id, 'sync')
    for (const socket of gone) {
      await socket.next('message.created', (event) => event.message.body === 'sync')
      const heard = socket.events.filter((event) => JSON.stringify(event).includes(chatId))
      expect(heard.map(({ type }) => type)).toEqual(['ready', 'chat.closed'])
      await socket.close()
    }
    expect(await codeOf(boris.call('GET', `/chats/${chatId}`))).toBe('NOT_FOUND')
    expect(await shown(vera)).toMatchObject({ memberCount: 2 })
    await stays.close()
  })

  test('hears all again once they are added again', async () => {
    const socket = await boris.socket()
    await remove(anna, boris)
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [boris.id] })
    await anna.send(chatId, 'welcome back')
    await socket.next('message.created', ({ message }) => message.body === 'welcome back')
    await socket.close()
  })

  test('is not removed without the right, nor twice, nor from a personal chat', async () => {
    expect(await codeOf(remove(boris, vera))).toBe('FORBIDDEN')
    await change(anna, boris, { permissions: { canRemoveMembers: true } })
    expect(await codeOf(remove(boris, anna))).toBe('FORBIDDEN')
    const replies = await Promise.all([remove(boris, vera), remove(anna, vera)])
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([204, 404])
    expect((await shown(anna)).memberCount).toBe(2)
    const personal = await anna.personalChat(boris.id)
    const left = anna.call('DELETE', `/chats/${personal.id}/members/${anna.id}`)
    expect(await codeOf(left)).toBe('FORBIDDEN')
  })
})
