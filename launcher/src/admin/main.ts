import { resolve } from 'node:path'
import { readSettings } from '@beseda/protocol/settings'
import { commandWords, loadEnvFile, runCommand } from '../command.ts'
import { reachable } from '../launch-env.ts'
import { rootDir } from '../root.ts'
import { runAdmin } from './run.ts'

/** `npx pnpm admin <command>`. */
async function main(): Promise<number> {
  loadEnvFile()
  const { HOST, PORT, DATA_DIR, PUBLIC_URL } = readSettings(
    ['HOST', 'PORT', 'DATA_DIR', 'PUBLIC_URL'],
    process.env,
  )
  const server = {
    url: `http://${reachable(HOST)}:${PORT}`,
    dataDir: resolve(rootDir, DATA_DIR),
    publicUrl: PUBLIC_URL,
  }
  const output = { out: console.log, err: console.error }
  return runAdmin(commandWords(), server, output)
}

await runCommand(main)
