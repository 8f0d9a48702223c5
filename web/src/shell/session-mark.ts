import { sessionMark } from '@beseda/protocol/auth'

/**
 * Whether `cookies` (`document.cookie`) tell of a session to restore. Asking the
 * server without one would be refused, which every browser logs as an error.
 */
export function hasSessionMark(cookies: string): boolean {
  return cookies.split('; ').some((pair) => pair.startsWith(`${sessionMark}=`))
}
