import { userPageSchema, userSchema } from '@beseda/protocol/users'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

let house: TestHouse
let me: Person
beforeAll(async () => {
  house = await openTestHouse()
  me = await house.person('Алёна Соколова')
})
afterAll(() => house.close())

async function search(query: Record<string, string>) {
  const reply = await me.call('GET', `/users?${new URLSearchParams(query)}`)
  return userPageSchema.parse(reply.json())
}

const names = async (query: Record<string, string>) =>
  (await search(query)).items.map((user) => user.displayName)

describe('search', () => {
  beforeAll(async () => {
    for (const name of [
      'Александр Пушкин',
      'Александра',
      'Саша',
      'Пушкин',
      'John Quux% Doe',
      'Dmitry Sokolov',
    ]) {
      await house.person(name)
    }
  })

  test('finds by the beginning of any word, in any case', async () => {
    expect(await names({ q: 'ПУШК' })).toEqual(
      expect.arrayContaining(['Александр Пушкин', 'Пушкин']),
    )
  })

  test('puts the exact name first, then beginnings, then what comes near', async () => {
    expect((await names({ q: 'пушкин' }))[0]).toBe('Пушкин')
    expect((await names({ q: 'александра' }))[0]).toBe('Александра')
    expect((await names({ q: 'александра' }))[1]).toBe('Александр Пушкин')
  })

  test('forgives a typo and takes ё for е', async () => {
    expect(await names({ q: 'Алексндр' })).toContain('Александр Пушкин')
    expect((await names({ q: 'алена' }))[0]).toBe('Алёна Соколова')
    expect(await names({ q: 'jonh' })).toContain('John Quux% Doe')
    expect(await names({ q: 'jhon' })).toContain('John Quux% Doe')
    expect(await names({ q: 'Сааш' })).toContain('Саша')
  })

  test('finds a Russian name by Latin letters and the other way round', async () => {
    expect(await names({ q: 'pushkin' })).toEqual(['Пушкин', 'Александр Пушкин'])
    expect((await names({ q: 'Sasha' }))[0]).toBe('Саша')
    expect(await names({ q: 'Alexandr' })).toContain('Александр Пушкин')
    expect((await names({ q: 'дое' }))[0]).toBe('John Quux% Doe')
    expect((await names({ q: 'дмитрий' }))[0]).toBe('Dmitry Sokolov')
    expect(await names({ q: 'соколов' })).toEqual(['Алёна Соколова', 'Dmitry Sokolov'])
  })

  test('finds by username', async () => {
    expect((await search({ q: me.username })).items[0]?.id).toBe(me.id)
  })

  test('takes wildcards for what they are', async () => {
    expect(await names({ q: 'quux%' })).toEqual(['John Quux% Doe'])
    expect(await names({ q: '%' })).toEqual(['John Quux% Doe'])
    expect(await names({ q: '_____' })).toEqual([])
    expect(await names({ q: '\\' })).toEqual([])
  })

  test('pages through everybody, each once', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await search({ limit: '2', ...(cursor && { cursor }) })
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map((user) => user.id))
      cursor = page.nextCursor
    }
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
  })

  test('filters by status', async () => {
    const online = await house.person('Connected')
    const busy = await house.person('Busy')
    await busy.call('PATCH', '/me', { status: 'dnd' })
    const sockets = [await online.socket(), await busy.socket()]
    await expect.poll(() => names({ status: 'online' })).toEqual(['Connected'])
    await expect.poll(() => names({ status: 'dnd' })).toEqual(['Busy'])
    sockets[0]?.sendFrame({ type: 'presence', status: 'away' })
    await expect.poll(() => names({ status: 'away' })).toEqual(['Connected'])
    expect(await names({ status: 'online' })).toEqual([])
    expect(await names({ status: 'offline' })).toHaveLength(7)
    for (const socket of sockets) await socket.close()
  })
})

describe('profile', () => {
  test('changes one field and leaves the others', async () => {
    const person = await house.person('Before')
    const reply = await person.call('PATCH', '/me', { displayName: '  After ' })
    expect(userSchema.parse(reply.json())).toEqual({ ...person.user, displayName: 'After' })
    expect(await names({ q: 'after' })).toEqual(['After'])
    expect((await person.call('PATCH', '/me', {})).statusCode).toBe(200)
  })

  test('takes only a picture of one’s own', async () => {
    const reply = await me.call('PATCH', '/me', {
      avatarId: '01999999-0000-7000-8000-000000000000',
    })
    expect(reply.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'avatarId' }] })
  })

  test('shows a user by id', async () => {
    expect((await me.call('GET', `/users/${me.id}`)).json().id).toBe(me.id)
    const nobody = await me.call('GET', '/users/01999999-0000-7000-8000-000000000000')
    expect(nobody.json().code).toBe('NOT_FOUND')
  })
})
