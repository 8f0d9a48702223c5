import { expect, test } from 'vitest'
import { makeCookieFetch } from './cookies.ts'

/** A server that sets the cookies it is told to and says which ones it got. */
function makeServer() {
  const answers: string[][] = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const headers = new Headers()
    for (const line of answers.shift() ?? []) headers.append('set-cookie', line)
    return new Response(new Request(input).headers.get('cookie') ?? '', { headers })
  }
  return { fetch: makeCookieFetch(fetch), answer: (...lines: string[]) => answers.push(lines) }
}

test('keeps a cookie and shows it under its path alone', async () => {
  const { fetch, answer } = makeServer()
  answer('a=1; Path=/api/auth; HttpOnly', 'b=2; Path=/')
  await fetch('http://localhost/api/auth/login')
  expect(await (await fetch('http://localhost/api/auth/refresh')).text()).toBe('a=1; b=2')
  expect(await (await fetch('http://localhost/api/me')).text()).toBe('b=2')
})

test.each(['a=; Path=/', 'a=1; Path=/; Max-Age=0'])('forgets on %s', async (line) => {
  const { fetch, answer } = makeServer()
  answer('a=1; Path=/')
  await fetch('http://localhost/')
  answer(line)
  await fetch('http://localhost/')
  expect(await (await fetch('http://localhost/')).text()).toBe('')
})
