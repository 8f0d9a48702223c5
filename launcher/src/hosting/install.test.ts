import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootDir } from '../root.ts'

type Host = { os?: string; docker?: boolean; env?: boolean; root?: boolean; owner?: string }

/** Run the script where the programs that change a host only write down what they were told. */
async function install(host: Host, args: string[]) {
  const { os = '', docker = true, env = false, root = true, owner = '' } = host
  const folder = mkdtempSync(join(tmpdir(), 'beseda-install-'))
  const bin = join(folder, 'bin')
  const diary = join(folder, 'diary')
  mkdirSync(bin)
  mkdirSync(join(folder, 'deploy'))
  cpSync(join(rootDir, 'deploy/install.sh'), join(folder, 'deploy/install.sh'))
  writeFileSync(join(folder, 'os-release'), os)
  writeFileSync(diary, '')
  if (env) writeFileSync(join(folder, '.env'), 'PUBLIC_URL=https://chat.example.org\n')
  const program = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  program('id', `echo ${root ? 0 : 1000}`)
  program('apt-get', `echo "apt-get $*" >> ${diary}`)
  program(
    'docker',
    `case "$1 $2" in
  'compose version') exit ${docker ? 0 : 1} ;;
  'compose exec') [ -n '${owner}' ] || echo https://chat.example.org/owner/abc ;;
  'run --rm') echo PUBLIC_URL=https://chat.example.org > .env ;;
esac
echo "docker $*" >> ${diary}`,
  )
  return new Promise<{ code: number; said: string; did: string[] }>((resolve) => {
    const environment = {
      PATH: `${bin}:${process.env.PATH}`,
      OS_RELEASE: join(folder, 'os-release'),
    }
    execFile(
      'sh',
      [join(folder, 'deploy/install.sh'), ...args],
      { env: environment },
      (error, stdout, stderr) =>
        resolve({
          code: error ? Number(error.code) : 0,
          said: stdout + stderr,
          did: readFileSync(diary, 'utf8').split('\n').filter(Boolean),
        }),
    )
  })
}

const up = [
  'docker compose up --detach --build --wait --wait-timeout 600',
  'docker compose exec -T server node launcher/src/hosting/owner-link.ts',
]

test('makes an image, settings with that image, and starts', async () => {
  const { code, said, did } = await install({}, ['chat.example.org', '--registration', 'open'])
  expect(code).toBe(0)
  expect(did).toEqual([
    'docker build --target beseda --tag beseda:local .',
    'docker run --rm --network host --user 0:0 --volume .:/host beseda:local node launcher/src/setup/main.ts --file /host/.env --yes --domain chat.example.org --registration open',
    ...up,
  ])
  expect(said).toBe(
    'Beseda is ready: https://chat.example.org\nWhoever opens this link first owns the server: https://chat.example.org/owner/abc\n',
  )
})

test('asks at a terminal when no domain is given', async () => {
  const { did } = await install({}, ['--behind-proxy'])
  expect(did[1]).toMatch(
    /--volume .:\/host --interactive --tty beseda:local node .* --file \/host\/.env --behind-proxy$/,
  )
})

test('leaves settings alone that are there, and says nothing of a server that has an owner', async () => {
  const { said } = await install({ env: true, owner: 'anna' }, ['chat.example.org'])
  expect(said).toBe('Beseda is ready: https://chat.example.org\n')
  expect((await install({ env: true }, ['chat.example.org'])).did).toEqual(up)
})

test.each([
  ['ID=debian\nVERSION_ID="13"\n', 'docker.io docker-cli docker-compose docker-buildx'],
  ['ID=ubuntu\nVERSION_ID="24.04"\n', 'docker.io docker-compose-v2 docker-buildx'],
])('brings Docker from the distribution: %j', async (os, packages) => {
  const { did } = await install({ os, docker: false, env: true }, [])
  expect(did).toEqual([
    'apt-get update',
    `apt-get install -y --no-install-recommends ${packages}`,
    ...up,
  ])
})

test.each([
  ['elsewhere than Debian and Ubuntu', { os: 'ID=arch\n', docker: false }, /neither Debian nor/],
  ['without being root', { root: false }, /^Run it as root: sudo sh deploy\/install.sh/],
])('%s it says so and does nothing', async (_, host, sentence) => {
  const { code, said, did } = await install(host, ['chat.example.org'])
  expect(code).toBe(1)
  expect(said).toMatch(sentence)
  expect(did.filter((line) => line !== 'apt-get update')).toEqual([])
})
