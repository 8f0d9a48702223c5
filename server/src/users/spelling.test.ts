import { expect, test } from 'vitest'
import { otherSpelling } from './spelling.ts'

test.each([
  ['anna', 'анна'],
  ['sergey', 'сергей'],
  ['dmitry', 'дмитри'],
  ['alexey shchukin', 'алексей щукин'],
  ['mikhail', 'михаил'],
  ['yulia', 'юлия'],
  ['zhanna', 'жанна'],
  ['rybakov', 'рыбаков'],
  ['max', 'макс'],
  ['anna-maria 2', 'анна-мария 2'],
])('%s is %s', (latin, cyrillic) => {
  expect(otherSpelling(latin)).toBe(cyrillic)
})

test.each([
  ['анна', 'anna'],
  ['сергей', 'sergey'],
  ['дмитрий белый', 'dmitry bely'],
  ['алексей щукин', 'alexey shchukin'],
  ['юлия', 'yuliya'],
  ['объезд', 'obezd'],
  ['макс', 'max'],
])('%s is %s', (cyrillic, latin) => {
  expect(otherSpelling(cyrillic)).toBe(latin)
})

test.each(['', '42', '100%', 'anna анна', 'ь', '日本'])('%j has no other spelling', (text) => {
  expect(otherSpelling(text)).toBeNull()
})
