import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readSettings } from '@beseda/protocol/settings'
import { reachable } from '../launch-env.ts'
import { rootDir } from '../root.ts'
import { messageOf } from '../start-error.ts'
import { runAdmin } from './run.ts'

/** `npx pnpm admin <command>`. */
async function main(): Promise<number> {
  const envFile = join(rootDir, '.env')
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const { HOST, PORT, DATA_DIR } = readSettings(['HOST', 'PORT', 'DATA_DIR'], process.env)
  const server = { url: `http://${reachable(HOST)}:${PORT}`, dataDir: resolve(rootDir, DATA_DIR) }
  const output = { out: console.log, err: console.error }
  // pnpm passes the `--` on that some people write.
  const argv = process.argv.slice(2)
  return runAdmin(argv[0] === '--' ? argv.slice(1) : argv, server, output)
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'SettingsError' ? messageOf(error) : error)
  return 1
})
