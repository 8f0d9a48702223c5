import { join } from 'node:path'
import { rootDir } from './root.ts'
import { runUntilStopped } from './run-until-stopped.ts'

/** `npx pnpm start`. */
await runUntilStopped({ envFile: join(rootDir, '.env') })
