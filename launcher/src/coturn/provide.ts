import { aptInstall, aptLine, hasApt } from '../apt.ts'
import { findProgram, isExecutable } from '../programs.ts'
import { type Progress, silentProgress } from '../progress.ts'
import { StartError } from '../start-error.ts'

/** OpenSSL makes the certificate of a test's relay. */
const packages = ['coturn', 'openssl']

/**
 * The relay for the tests: the one that TURNSERVER_BIN names, one that is
 * installed, else the distribution's, installed now.
 *
 * @throws StartError with what to do when there is none and none can be installed
 */
export async function provideCoturn(
  env: NodeJS.ProcessEnv = process.env,
  progress: Progress = silentProgress,
): Promise<string> {
  if (env.TURNSERVER_BIN) {
    if (isExecutable(env.TURNSERVER_BIN)) return env.TURNSERVER_BIN
    throw new StartError(
      `TURNSERVER_BIN names ${env.TURNSERVER_BIN}, which is no program: correct it, or leave it unset to have coturn found.`,
    )
  }
  const installed = findCoturn(env)
  if (installed) return installed
  const done = await aptInstall(packages, progress)
  progress.done()
  const found = done ? findCoturn(env) : undefined
  if (found) return found
  throw new StartError(
    (await hasApt())
      ? `The tests of hard networks need coturn: run \`${aptLine(packages)}\` and start them again.`
      : 'The tests of hard networks need coturn and openssl: install them, or set TURNSERVER_BIN to a turnserver, and start them again.',
  )
}

function findCoturn(env: NodeJS.ProcessEnv): string | undefined {
  return findProgram(['openssl'], env) && findProgram(['turnserver'], env)
}
