import { aptInstall, aptLine, hasApt } from './apt.ts'
import { findProgram, isExecutable } from './programs.ts'
import { type Progress, silentProgress } from './progress.ts'
import { StartError } from './start-error.ts'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The emoji are for reactions and messages, which are empty boxes without them. */
const packages = ['chromium', 'fonts-noto-color-emoji']

/**
 * The browser for the tests: the one that CHROMIUM_BIN names, one that is
 * installed, else the distribution's, installed now.
 *
 * @throws StartError with what to do when there is none and none can be installed
 */
export async function provideChromium(
  env: NodeJS.ProcessEnv = process.env,
  progress: Progress = silentProgress,
): Promise<string> {
  if (env.CHROMIUM_BIN) {
    if (isExecutable(env.CHROMIUM_BIN)) return env.CHROMIUM_BIN
    throw new StartError(
      `CHROMIUM_BIN names ${env.CHROMIUM_BIN}, which is no program: correct it, or leave it unset to have a browser found.`,
    )
  }
  const installed = findChromium(env)
  if (installed) return installed
  const done = await aptInstall(packages, progress)
  progress.done()
  const found = done ? findChromium(env) : undefined
  if (found) return found
  throw new StartError(
    (await hasApt())
      ? `The tests need Chromium: run \`${aptLine(packages)}\` and start them again.`
      : 'The tests need Chromium: install it, or set CHROMIUM_BIN to a Chromium or Chrome, and start them again.',
  )
}

/** A Chromium or Chrome that is installed here. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return findProgram(commands, env)
}
