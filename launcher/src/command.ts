import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from '@beseda/protocol/settings'
import { rootDir } from './root.ts'
import { StartError } from './start-error.ts'

/** The settings of this repository's host. */
export const envFile = join(rootDir, '.env')

/**
 * Take over the settings of `.env`, if there is one; what is set already wins.
 *
 * @throws StartError when this user may not read it
 */
export function loadEnvFile(): void {
  if (!existsSync(envFile)) return
  try {
    process.loadEnvFile(envFile)
  } catch {
    throw new StartError(`${envFile} can not be read: run this as a user who may read it.`)
  }
}

/** The words after a command's name; pnpm hands on the `--` that some write before them. */
export function commandWords(): string[] {
  return process.argv.slice(2).filter((word) => word !== '--')
}

/**
 * Run a command to its end. What its person can mend is told in one sentence, with exit code 1.
 *
 * @param main answers the exit code, if it is another one than 0
 */
export async function runCommand(main: () => Promise<number | undefined> | number | undefined) {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(isForPerson(error) ? error.message : error)
    process.exit(1)
  }
}

/** Whether an error's message says all that whoever started this needs to know. */
export function isForPerson(error: unknown): error is Error {
  if (error instanceof StartError || error instanceof SettingsError) return true
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  )
}
