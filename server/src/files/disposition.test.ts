import { expect, test } from 'vitest'
import { contentDisposition } from './disposition.ts'

test.each([
  ['cat.png', `filename="cat.png"; filename*=UTF-8''cat.png`],
  ['кот.png', `filename="___.png"; filename*=UTF-8''%D0%BA%D0%BE%D1%82.png`],
  [
    `a "b" \\ 100%.txt`,
    `filename="a _b_ _ 100_.txt"; filename*=UTF-8''a%20%22b%22%20%5C%20100%25.txt`,
  ],
  [`it's (1)*.txt`, `filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`],
  ['x\r\nset-cookie: a', `filename="x__set-cookie: a"; filename*=UTF-8''x%0D%0Aset-cookie%3A%20a`],
])('%j', (name, expected) => {
  expect(contentDisposition('attachment', name)).toBe(`attachment; ${expected}`)
})
