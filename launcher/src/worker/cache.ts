import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { compilerFlags, edits, mesonOptions, requirements } from './recipe.ts'

/** Files that are laid over the worker's sources before the build. */
export const overlayDir = join(import.meta.dirname, '..', '..', 'worker-build')

/** What decides whether a cached worker may be used. */
export type CacheKeyParts = {
  version: string
  platform: string
  arch: string
  distribution: string
  recipeHash: string
  /** Library to version; of OpenSSL only the major one. */
  libraries: Record<string, string>
}

/** Where built workers are kept, outside the repository. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'beseda', 'mediasoup-worker')
}

/** The name of the folder of one worker in the cache. */
export function cacheKey(parts: CacheKeyParts): string {
  const libraries = Object.entries(parts.libraries).sort(([a], [b]) => (a < b ? -1 : 1))
  const hash = sha256(JSON.stringify([parts.recipeHash, libraries])).slice(0, 12)
  return [parts.version, parts.platform, parts.arch, parts.distribution, hash].join('-')
}

/** The parts of the key on this machine. */
export function cacheKeyHere(version: string): CacheKeyParts {
  return {
    version,
    platform: process.platform,
    arch: process.arch,
    distribution: distribution(),
    recipeHash: recipeHash(),
    libraries: libraryVersions(),
  }
}

/** The distribution and its release, `debian-12`, from the text of os-release. */
export function parseDistribution(osRelease: string): string {
  const field = (name: string) =>
    osRelease.match(new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm'))?.[1] ?? ''
  const name = [field('ID') || 'unknown', field('VERSION_ID') || field('VERSION_CODENAME')]
  return name
    .filter(Boolean)
    .join('-')
    .replaceAll(/[^\w.-]/g, '_')
}

function distribution(): string {
  try {
    return parseDistribution(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return process.platform
  }
}

function recipeHash(): string {
  const files = readdirSync(overlayDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(overlayDir.length), readFileSync(path, 'utf8')])
  return sha256(JSON.stringify([files, edits, mesonOptions, compilerFlags]))
}

function libraryVersions(): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const requirement of requirements) {
    if (!('library' in requirement)) continue
    const version = libraryVersion(requirement.library)
    // A security update of OpenSSL must not cost a rebuild.
    versions[requirement.library] =
      requirement.library === 'openssl' ? (version.split('.')[0] ?? '') : version
  }
  return versions
}

function libraryVersion(library: string): string {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    return execFileSync('pkg-config', ['--modversion', library], { stdio }).toString().trim()
  } catch {
    return 'absent'
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
