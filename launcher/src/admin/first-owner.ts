import { madeLinkSchema, overviewSchema } from '@beseda/protocol/administration'
import { makeAdminApi } from './api.ts'

/** The link that makes its opener the owner, of a server that nobody owns yet; undefined of others. */
export async function firstOwnerLink(server: {
  url: string
  dataDir: string
}): Promise<string | undefined> {
  try {
    const api = makeAdminApi(server)
    if ((await api('GET', '/overview', overviewSchema)).hasOwner) return undefined
    return (await api('POST', '/owner-link', madeLinkSchema)).url
  } catch {
    // It can be had later from the command line; the server runs.
    return undefined
  }
}
