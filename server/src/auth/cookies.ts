import { sessionMark } from '@beseda/protocol/auth'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { formatRefreshToken, parseRefreshToken, type RefreshToken } from './refresh-token.ts'
import { sessionSeconds } from './sessions.ts'
import { filesSeconds } from './tokens.ts'

/** Holds the refresh token; sent only to the routes of accounts. */
export const refreshCookie = 'beseda_refresh'
/** Holds a token with which `<img>` loads files. */
export const filesCookie = 'beseda_files'

/** Sets, reads and clears the cookies of a session. */
export type SessionCookies = ReturnType<typeof makeSessionCookies>

/** @param secure whether browsers reach the server by TLS */
export function makeSessionCookies(secure: boolean) {
  const shared: CookieSerializeOptions = { httpOnly: true, sameSite: 'strict', secure }
  const refreshOptions = { ...shared, path: '/api/auth' }
  const filesOptions = { ...shared, path: '/api/files' }
  const markOptions = { ...shared, httpOnly: false, path: '/' }

  return {
    setRefresh(reply: FastifyReply, token: RefreshToken) {
      const options = { ...refreshOptions, maxAge: sessionSeconds }
      reply.setCookie(refreshCookie, formatRefreshToken(token), options)
      reply.setCookie(sessionMark, '1', { ...markOptions, maxAge: sessionSeconds })
    },
    setFiles(reply: FastifyReply, token: string) {
      reply.setCookie(filesCookie, token, { ...filesOptions, maxAge: filesSeconds })
    },
    readRefresh: (request: FastifyRequest) => parseRefreshToken(request.cookies[refreshCookie]),
    clear(reply: FastifyReply) {
      reply
        .clearCookie(refreshCookie, refreshOptions)
        .clearCookie(sessionMark, markOptions)
        .clearCookie(filesCookie, filesOptions)
    },
  }
}
