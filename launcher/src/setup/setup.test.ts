import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { productionProblems } from '@beseda/protocol/production'
import { readSettings, type SettingName, settings } from '@beseda/protocol/settings'
import { expect, test } from 'vitest'
import { isPublic, proposeAddress } from './address.ts'
import { type Answers, mediaPorts, nextSteps, settingsFor } from './answers.ts'
import { type Given, setup } from './setup.ts'

const here = { addresses: ['203.0.113.7'] }
const answers: Answers = {
  domain: 'chat.example.org',
  email: 'anna@example.org',
  address: ['203.0.113.7'],
  registration: 'invite',
  behindProxy: false,
  monitoring: false,
  workers: 2,
}

/** Set up a host in a folder of its own, with these answers to the questions in turn. */
async function run(given: Given, typed?: string[], file = freshFile()) {
  const said: string[] = []
  const asked: string[] = []
  const ask =
    typed &&
    (async (question: string) => {
      asked.push(question)
      return typed.shift() ?? ''
    })
  const say = (line: string) => void said.push(line)
  await setup({ file, given, workers: 2, ask, say, propose: async () => here })
  return { file, said, asked, env: parseEnv(readFileSync(file, 'utf8')) }
}

function freshFile() {
  return join(mkdtempSync(join(tmpdir(), 'beseda-setup-')), '.env')
}

test('asks, proposes, and takes an empty answer for the proposal', async () => {
  const { env, asked, file } = await run({}, ['chat.example.org', '', '', 'open'])
  expect(asked).toHaveLength(4)
  expect(env).toMatchObject({
    DOMAIN: 'chat.example.org',
    TLS_EMAIL: 'admin@chat.example.org',
    SFU_ANNOUNCED_ADDRESS: '203.0.113.7',
    REGISTRATION: 'open',
    COMPOSE_PROFILES: 'tls,turn',
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('asks again for what makes no sense', async () => {
  const { env, said } = await run({}, ['chat', 'https://x.org', 'Chat.Example.org', '', 'here'])
  expect(env.DOMAIN).toBe('chat.example.org')
  expect(said.slice(0, 3)).toEqual([
    'Domain of the host must be a name such as chat.example.org.',
    'Domain of the host must be a name such as chat.example.org.',
    'Public address must be IP addresses.',
  ])
})

test('needs the domain alone where nobody can be asked', async () => {
  expect((await run({ domain: 'chat.example.org' })).env.REGISTRATION).toBe('invite')
  expect((await run({ domain: 'chat.example.org', yes: true }, [])).asked).toEqual([])
  await expect(run({})).rejects.toThrow(/^Domain of the host must be .*: give it with --domain\.$/)
  await expect(run({ domain: 'chat.example.org', registration: 'all' }, [])).rejects.toThrow(
    /must be open, invite or closed: give it with --registration\.$/,
  )
})

test('never overwrites a file', async () => {
  const file = freshFile()
  writeFileSync(file, 'MINE=1\n')
  await expect(run({ domain: 'chat.example.org' }, undefined, file)).rejects.toThrow(
    /is there already and is never overwritten/,
  )
  expect(readFileSync(file, 'utf8')).toBe('MINE=1\n')
})

test('what it writes is what production takes, with secrets that are all different', async () => {
  const { env } = await run({ domain: 'chat.example.org' })
  const values = readSettings(Object.keys(settings) as SettingName[], env)
  expect(productionProblems(values)).toEqual([])
  expect(values.TURN_SERVER_URL).toHaveLength(3)
  const secrets = Object.entries(env).filter(([name]) => /SECRET|PASSWORD/.test(name))
  expect(secrets.map(([name]) => name).sort()).toEqual([
    'CALL_TOKEN_SECRET',
    'GRAFANA_PASSWORD',
    'JWT_SECRET',
    'POSTGRES_PASSWORD',
    'REDIS_PASSWORD',
    'TURN_SECRET',
  ])
  expect(new Set(secrets.map(([, secret]) => secret)).size).toBe(secrets.length)
  for (const [, secret] of secrets) expect(secret).toMatch(/^[\w-]{43}$/)
})

test('behind a proxy it wants no certificate', () => {
  const values = settingsFor({ ...answers, behindProxy: true, monitoring: true })
  expect(values.COMPOSE_PROFILES).toBe('proxy,turn,monitoring')
  expect(values.TURN_SERVER_URL).not.toContain('turns:')
  expect(nextSteps({ ...answers, behindProxy: true })).not.toMatch(/443|5349/)
})

test('names the ports to open', () => {
  expect([1, 2, 8].map(mediaPorts)).toEqual(['40000', '40000-40001', '40000-40007'])
  expect(nextSteps(answers)).toContain('40000-40001/udp 40000-40001/tcp')
})

test.each([
  [
    'the domain leads here',
    ['203.0.113.7', '10.0.0.5'],
    ['203.0.113.7'],
    ['203.0.113.7'],
    undefined,
  ],
  [
    'IPv4 of both',
    ['2001:db8::7', '203.0.113.7'],
    ['2001:db8::7', '203.0.113.7'],
    ['203.0.113.7'],
    undefined,
  ],
  [
    'IPv6 where there is nothing else',
    ['2001:db8::7'],
    ['2001:db8::7'],
    ['2001:db8::7'],
    undefined,
  ],
  [
    'the domain leads elsewhere',
    ['203.0.113.7'],
    ['198.51.100.1'],
    ['203.0.113.7'],
    /leads to 198.51.100.1: let it lead to 203.0.113.7/,
  ],
  ['the domain leads nowhere', ['203.0.113.7'], [], ['203.0.113.7'], /leads nowhere yet/],
  [
    'the address is translated',
    ['10.0.0.5', 'fe80::1'],
    ['198.51.100.1'],
    ['198.51.100.1', '10.0.0.5'],
    /forward the ports/,
  ],
  [
    'at home, and the name leads home',
    ['192.168.1.9'],
    ['192.168.1.9'],
    ['192.168.1.9'],
    undefined,
  ],
  ['nothing is known', ['10.0.0.5'], [], [], undefined],
])('proposes an address: %s', (_, own, resolved, addresses, note) => {
  const proposal = proposeAddress(own, resolved)
  expect(proposal.addresses).toEqual(addresses)
  if (note) expect(proposal.note).toMatch(note)
  else expect(proposal.note).toBeUndefined()
})

test.each([
  ['203.0.113.7', true],
  ['100.64.1.1', false],
  ['172.31.0.1', false],
  ['172.32.0.1', true],
  ['::1', false],
  ['fd00::1', false],
  ['2001:db8::7', true],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected)
})
