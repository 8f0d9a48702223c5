import { join } from 'node:path'
import type { StagedBackup } from '@beseda/protocol/administration'
import { permit } from '../administration/actor.ts'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { stageBackup } from './stage.ts'
import { makeStaging, removeStaging } from './staging.ts'

/** The route by which the command line has the embedded database dumped, which is open here. */
export function backupRoutes(app: App, { db, settings }: Pick<Services, 'db' | 'settings'>): void {
  app.post('/admin/backup', async (request, reply) => {
    permit(request.actor, { do: 'backUp' })
    const dataDir = settings.DATA_DIR
    const folder = await makeStaging(dataDir)
    try {
      await stageBackup({ db, dataDir }, join(dataDir, folder))
    } catch (error) {
      await removeStaging(dataDir, folder)
      throw error
    }
    return reply.code(201).send({ folder } satisfies StagedBackup)
  })
}
