import type { Config } from '@beseda/protocol/config'
import { limits } from '@beseda/protocol/limits'
import { fileBytesMax, type ServerSettings } from '../settings.ts'
import type { App } from './app-type.ts'

/** The route with which a client learns what this server allows, for everybody. */
export function configRoutes(app: App, { settings }: { settings: ServerSettings }) {
  app.get(
    '/config',
    async (): Promise<Config> => ({
      registration: settings.REGISTRATION,
      fileBytesMax: fileBytesMax(settings),
      avatarBytesMax: limits.avatarBytesMax,
    }),
  )
}
