import type { Config } from '@beseda/protocol/config'
import { limits } from '@beseda/protocol/limits'
import type { Services } from '../services.ts'
import type { App } from './app-type.ts'

/** The route with which a client learns what this server allows, for everybody. */
export function configRoutes(app: App, { db, rules }: Pick<Services, 'db' | 'rules'>) {
  app.get('/config', async (): Promise<Config> => {
    const { registration, retention, limits: set } = await rules.read(db)
    return {
      registration,
      retention,
      fileBytesMax: set.fileMegabytes * 2 ** 20,
      avatarBytesMax: limits.avatarBytesMax,
      groupMembersMax: set.groupMembers,
      channelMembersMax: set.channelMembers,
    }
  })
}
