import { expect, test } from 'vitest'
import { parseWishes } from './settings.ts'

test('what was chosen is read back, what is missing or damaged is as if it had not been', () => {
  const chosen = { browser: true, sound: false, previews: false }
  expect(parseWishes(JSON.stringify(chosen))).toEqual(chosen)
  const unchosen = { browser: false, sound: true, previews: true }
  for (const stored of [null, '', '{', 'null', '7', '{"browser":1}', '[]']) {
    expect(parseWishes(stored)).toEqual(unchosen)
  }
  expect(parseWishes('{"sound":false}')).toEqual({ ...unchosen, sound: false })
})
