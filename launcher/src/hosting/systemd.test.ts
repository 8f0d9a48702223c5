import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { findProgram } from '../programs.ts'
import { rootDir } from '../root.ts'
import { run } from '../run.ts'

const units = globSync('deploy/systemd/*.service', { cwd: rootDir }).map((path) => {
  const text = readFileSync(join(rootDir, path), 'utf8')
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)
  return { name: basename(path), text, values }
})

test('there is a unit for everything at once and one for each part', () => {
  expect(units.map(({ name }) => name).sort()).toEqual([
    'beseda-relay.service',
    'beseda-server.service',
    'beseda-sfu.service',
    'beseda.service',
  ])
})

test.each(units)('$name runs what is there, as nobody that matters', ({ values }) => {
  const [node = '', ...rest] = values('ExecStart')[0]?.split(' ') ?? []
  const script = rest.find((word) => word.endsWith('.ts')) ?? ''
  expect(node).toBe('/opt/beseda/node_modules/node/bin/node')
  expect(existsSync(join(rootDir, script)), script).toBe(true)
  expect(values('User')[0]).toMatch(/^(beseda|caddy)$/)
  expect(values('Restart')).toEqual(['on-failure'])
  // SIGTERM to the media workers themselves would end the calls that are handed over.
  expect(values('KillMode')).toEqual(['mixed'])
})

test.each(units)('$name may change nothing of the system', ({ values }) => {
  for (const [key, value] of [
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['PrivateTmp', 'yes'],
    ['PrivateDevices', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['RestrictNamespaces', 'yes'],
    ['SystemCallArchitectures', 'native'],
    ['UMask', '0077'],
  ] as const) {
    expect(values(key), key).toEqual([value])
  }
  expect(values('SystemCallFilter')).toEqual(['@system-service', '~@privileged'])
})

const analyze = findProgram(['systemd-analyze'], process.env)

test.runIf(analyze)('systemd finds nothing wrong', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beseda-units-'))
  const files = units.map(({ name, text }) => {
    const file = join(folder, name)
    // Of this machine: neither the program nor the users need be there.
    const here = text
      .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
      .replace(/^User=.*$/m, 'User=root')
      .replace(/^Documentation=.*\n/m, '')
    writeFileSync(file, here)
    return file
  })
  const { code, tail } = await run(analyze ?? '', ['verify', '--man=no', ...files])
  expect(tail.split('\n').filter((line) => line.includes('beseda'))).toEqual([])
  expect(code).toBe(0)
})
