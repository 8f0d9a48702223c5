import type { InjectOptions } from 'fastify'
import type { TestServer } from '../../testing/app.ts'

type Method = NonNullable<InjectOptions['method']>

/** The command line of the machine that a server of a test runs on. */
export function hostOf({ app, services }: TestServer) {
  const authorization = `Bearer ${services.hostToken}`
  return (method: Method, url: string, body?: object, headers: Record<string, string> = {}) =>
    app.inject({
      method,
      url: `/api/admin${url}`,
      headers: { authorization, ...headers },
      ...(body && { body }),
    })
}

/** The secret behind the hash of a link. */
export const secretOf = (url: string): string => new URL(url).hash.slice(1)
