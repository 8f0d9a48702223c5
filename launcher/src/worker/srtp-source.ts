import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'

/**
 * Fetch the source of libsrtp 2 from the distribution's own mirror and unpack it
 * to `target`. Needs no root: apt gets its own lists and source list below
 * `workDir`.
 *
 * @returns false when the source package can't be had
 */
export async function fetchSrtpSource(
  workDir: string,
  target: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const parts = join(workDir, 'sources.d')
  await mkdir(parts, { recursive: true })
  await mkdir(join(workDir, 'lists', 'partial'), { recursive: true })
  await writeFile(join(workDir, 'sources.list'), '')
  if (!(await writeSources(parts))) return false

  const options = [
    `Dir::Etc::SourceList=${join(workDir, 'sources.list')}`,
    `Dir::Etc::SourceParts=${parts}`,
    `Dir::State::Lists=${join(workDir, 'lists')}`,
    `Dir::Cache=${join(workDir, 'cache')}`,
    // Only the sources are wanted, and nobody else may write here.
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
    'Acquire::Retries=2',
  ].flatMap((option) => ['-o', option])
  const apt = (...args: string[]) =>
    run('apt-get', [...options, ...args], { cwd: workDir, signal, timeoutMs: 180_000 })

  // A third-party repository that has no sources fails here; the main one is what counts.
  await apt('update')
  const { code } = await apt('source', '--download-only', 'libsrtp2')
  if (code !== 0) return false
  const tarball = (await readdir(workDir)).find((name) => name.includes('.orig.tar.'))
  if (tarball === undefined) return false
  await mkdir(target, { recursive: true })
  const untar = ['-xf', join(workDir, tarball), '-C', target, '--strip-components=1']
  return (await run('tar', untar)).code === 0
}

/** Write the machine's source lists with the binary entries made into source entries. */
async function writeSources(parts: string): Promise<boolean> {
  const found = ['/etc/apt/sources.list']
  const folder = '/etc/apt/sources.list.d'
  for (const name of await readdir(folder).catch(() => [])) found.push(join(folder, name))
  let written = 0
  for (const path of found) {
    const deb822 = path.endsWith('.sources')
    if (!deb822 && !path.endsWith('.list')) continue
    const text = await readFile(path, 'utf8').catch(() => '')
    const sources = deb822 ? text.replaceAll(/^Types:.*$/gim, 'Types: deb-src') : sourceLines(text)
    if (!sources.includes('deb-src')) continue
    written += 1
    await writeFile(join(parts, `${written}.${deb822 ? 'sources' : 'list'}`), sources)
  }
  return written > 0
}

function sourceLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^deb\s/.test(line))
    .map((line) => `${line.replace(/^deb\s/, 'deb-src ')}\n`)
    .join('')
}
