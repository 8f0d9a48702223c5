import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether this file is there to be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The first of the commands that is installed here, by its path. */
export function findProgram(
  commands: readonly string[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  // The system's own folders are not in everybody's PATH.
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'].filter(Boolean)
  for (const command of commands) {
    const path = folders.map((folder) => join(folder, command)).find(isExecutable)
    if (path) return path
  }
  return undefined
}
