import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Manifest } from '@beseda/server/backup/manifest'
import { commandWords, envFile, loadEnvFile, runCommand } from '../command.ts'
import { rootDir } from '../root.ts'
import { StartError } from '../start-error.ts'
import { backup } from './backup.ts'
import { restore } from './restore.ts'

const usage = `npx pnpm backup [file]    database, files and secrets to one file, while Beseda runs or not
npx pnpm restore <file>   such a file, or the folder of a snapshot, into an empty place`

/** `npx pnpm backup` and `npx pnpm restore`. */
async function main(): Promise<undefined> {
  const { values, positionals } = parseArgs({
    args: commandWords(),
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [command, file] = positionals
  if (values.help) return void console.log(usage)
  loadEnvFile()
  // pnpm runs scripts in the root of the repository, wherever it was called.
  const here = process.env.INIT_CWD ?? process.cwd()
  if (command === 'backup') {
    const target = file ? resolve(here, file) : join(rootDir, 'backups', `${nameNow()}.tar`)
    const manifest = await backup({ env: process.env, target, envFile })
    console.log(
      `${target}: ${describe(manifest)}. It holds secrets: keep it where nobody reads it.`,
    )
    const missing = manifest.files?.missing.length ?? 0
    if (missing > 0) console.log(`The bytes of ${missing} files were gone already.`)
    return
  }
  if (command !== 'restore' || file === undefined) throw new StartError(usage)
  const { manifest, notes } = await restore({ env: process.env, source: resolve(here, file) })
  console.log(`Restored and compared, as of ${manifest.madeAt}: ${describe(manifest)}.`)
  for (const note of notes) console.log(note)
}

function nameNow(): string {
  return `beseda-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z`
}

function describe({ database, files }: Manifest): string {
  const rows = database.tables.reduce((sum, table) => sum + table.rows, 0)
  const text = `${database.tables.length} tables with ${rows} rows`
  if (!files) return text
  return `${text}, ${files.count} files with ${(files.bytes / 2 ** 20).toFixed(1)} MB`
}

await runCommand(main)
