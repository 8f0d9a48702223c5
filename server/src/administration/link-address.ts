import type { MadeLink } from '@beseda/protocol/administration'
import type { FastifyRequest } from 'fastify'
import type { ServerSettings } from '../settings.ts'
import type { NewLink } from './links.ts'

/**
 * A one-time link as it is handed over. The secret stands behind the hash, where it is in no log
 * and in no Referer.
 */
export function showLink(
  { PUBLIC_URL }: Pick<ServerSettings, 'PUBLIC_URL'>,
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
  page: string,
  { token, expiresAt }: NewLink,
): MadeLink {
  const url = new URL(`/${page}#${token}`, PUBLIC_URL ?? `${protocol}://${host}`)
  return { url: url.href, expiresAt: expiresAt.toISOString() }
}
