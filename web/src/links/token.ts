import { linkTokenSchema } from '@beseda/protocol/auth'

/** A secret that the server refuses: what stands in for one that is no secret at all. */
const nobodys = 'x'.repeat(43)

/** The secret of a one-time link, which stands behind the hash so that no log ever sees it. */
export function readLinkToken(hash: string): string {
  return linkTokenSchema.safeParse(hash.slice(1)).data ?? nobodys
}
