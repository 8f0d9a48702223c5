import { emojiSchema } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { findEmoji, loadEmoji, quickEmoji } from './emoji.ts'

const languages = ['ru', 'en'] as const

test.each(languages)(
  'every emoji of the picker is one that the server takes: %s',
  async (language) => {
    const all = await loadEmoji(language)
    expect(all.length).toBeGreaterThan(1_500)
    const refused = all.filter(({ emoji }) => !emojiSchema.safeParse(emoji).success)
    expect(refused.map(({ emoji }) => emoji)).toEqual([])
    expect(new Set(all.map(({ group }) => group)).size).toBe(en.emoji.groups.length)
  },
)

test('the quick ones are taken too', () => {
  for (const emoji of quickEmoji) expect(emojiSchema.safeParse(emoji).success, emoji).toBe(true)
})

test.each([
  ['ru', 'серд', '❤️'],
  ['ru', 'Палец вверх', '👍'],
  ['en', 'thumbs u', '👍'],
] as const)('found by the beginning of words: %s %s', async (language, query, expected) => {
  const found = findEmoji(await loadEmoji(language), query).map(({ emoji }) => emoji)
  expect(found).toContain(expected)
  expect(findEmoji(await loadEmoji(language), 'zzzz')).toEqual([])
})
