import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@beseda/launcher/run'
import { fetchSrtpSource } from '@beseda/launcher/worker/srtp-source'

/** A libsrtp2 on OpenSSL, to be loaded before Debian's, which is on NSS. */
export type FastSrtp = { folder: string; close(): Promise<void> }

/** Build it from Debian's own source; undefined where source, compiler or OpenSSL are missing. */
export async function buildFastSrtp(): Promise<FastSrtp | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'beseda-bench-srtp-'))
  const close = () => rm(folder, { recursive: true, force: true })
  const source = join(folder, 'source')
  const build = join(source, 'build')
  const setup = [
    'setup',
    build,
    source,
    '--buildtype=release',
    '-Dcrypto-library=openssl',
    '-Dtests=disabled',
  ]
  const isBuilt =
    (await fetchSrtpSource(folder, source).catch(() => false)) &&
    (await run('meson', setup)).code === 0 &&
    (await run('ninja', ['-C', build])).code === 0
  if (isBuilt) return { folder: build, close }
  await close()
  return undefined
}
