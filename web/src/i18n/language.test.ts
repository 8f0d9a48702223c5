import { expect, test } from 'vitest'
import { pickLanguage } from './language.ts'
import { makeCount } from './plural.ts'

test.each([
  [null, ['ru-RU', 'en-US'], 'ru'],
  [null, ['de-DE', 'en-GB', 'ru'], 'en'],
  [null, ['de-DE'], 'en'],
  [null, [], 'en'],
  ['ru', ['en-US'], 'ru'],
  ['xx', ['ru'], 'ru'],
] as const)('remembered %s with %j gives %s', (remembered, preferred, expected) => {
  expect(pickLanguage(remembered, preferred)).toBe(expected)
})

test('Russian nouns follow the number', () => {
  const forms = { one: 'участник', few: 'участника', many: 'участников' }
  const count = makeCount('ru')
  const said = [1, 2, 5, 11, 21, 22, 100].map((n) => count(n, forms))
  expect(said).toEqual([
    '1 участник',
    '2 участника',
    '5 участников',
    '11 участников',
    '21 участник',
    '22 участника',
    '100 участников',
  ])
})

test('English has one and many', () => {
  const count = makeCount('en')
  expect([0, 1, 2].map((n) => count(n, { one: 'chat', many: 'chats' }))).toEqual([
    '0 chats',
    '1 chat',
    '2 chats',
  ])
})
