import type { Progress } from './progress.ts'
import { run } from './run.ts'

/** The line with which a person installs the packages. */
export function aptLine(packages: readonly string[]): string {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  return `${sudo}apt-get update && ${sudo}apt-get install -y ${packages.join(' ')}`
}

/** The command prefix under which apt-get may be run here without a question. */
async function privilege(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return []
  const { code } = await run('sudo', ['-n', 'true'], { timeoutMs: 5000 })
  return code === 0 ? ['sudo', '-n'] : undefined
}

/** Is there an apt-get on this machine? */
export async function hasApt(): Promise<boolean> {
  return (await run('apt-get', ['--version'], { timeoutMs: 5000 })).code === 0
}

/**
 * Install packages of the distribution, saying so, as root or with sudo where it
 * asks for no password.
 *
 * @returns false when that is not allowed here or did not work
 */
export async function aptInstall(
  packages: readonly string[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!(await hasApt())) return false
  const prefix = await privilege()
  if (prefix === undefined) return false
  progress.stage(`Installing with apt-get: ${packages.join(' ')}`)
  const apt = (...args: string[]) => {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...args,
    ]
    return run(command ?? 'env', rest, { signal })
  }
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  if ((await install()).code === 0) return true
  // The lists may be missing (a fresh container) or name versions that are gone.
  await apt('update')
  const second = await install()
  if (second.code !== 0) progress.note(second.tail)
  return second.code === 0
}
