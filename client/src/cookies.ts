/**
 * A `fetch` that keeps cookies, for Node, whose own does not. A browser keeps
 * them itself and must be given its plain `fetch`.
 *
 * Only what Beseda's server sets is understood: name, value and Path.
 */
export function makeCookieFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const jar = new Map<string, { value: string; path: string }>()
  return async (input, init) => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    const matching = [...jar].filter(([, cookie]) => pathname.startsWith(cookie.path))
    if (matching.length > 0) {
      request.headers.set(
        'cookie',
        matching.map(([name, { value }]) => `${name}=${value}`).join('; '),
      )
    }
    const response = await fetch(request)
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    return response
  }
}

function keep(jar: Map<string, { value: string; path: string }>, line: string) {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const split = pair.indexOf('=')
  const name = pair.slice(0, split)
  const value = pair.slice(split + 1)
  const attribute = (key: string) =>
    attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
  const gone = value === '' || attribute('max-age') === '0'
  if (gone) jar.delete(name)
  else jar.set(name, { value, path: attribute('path') ?? '/' })
}
