import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../server/src/testing/app.ts'
import type { Person } from '../../../server/src/testing/person.ts'
import { firstOwnerLink } from './first-owner.ts'
import { type AdminServer, runAdmin } from './run.ts'
import { makeTable } from './table.ts'

let house: TestHouse
let server: AdminServer
let anna: Person

beforeAll(async () => {
  house = await openTestHouse()
  server = { url: house.first.url, dataDir: house.first.services.settings.DATA_DIR }
  anna = await house.person('Анна')
})
afterAll(() => house.close())

async function admin(...argv: string[]) {
  const said = { out: '', err: '' }
  const code = await runAdmin(argv, server, {
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
  })
  return { code, ...said }
}
const json = async (...argv: string[]) => JSON.parse((await admin(...argv, '--json')).out)

test('users are found, promoted, shut and let in again', async () => {
  const name = anna.username
  expect((await admin('users', name)).out).toMatch(
    new RegExp(`^username .*\n${name}  Анна  member`),
  )
  expect(await admin('role', `@${name.toUpperCase()}`, 'admin')).toMatchObject({ code: 0 })
  expect(await json('users', name)).toMatchObject([{ id: anna.id, serverRole: 'admin' }])
  expect((await admin('sessions', name)).out).toContain('127.0.0.1')
  expect(await admin('disable', name)).toMatchObject({ code: 0, out: `${name} is disabled.` })
  expect((await anna.call('GET', '/me')).statusCode).toBe(401)
  expect((await admin('reset-link', name)).code).toBe(1)
  await admin('enable', name)
  expect((await admin('reset-link', name)).out).toMatch(/\/reset#[\w-]{43}\nIt works once/)
  expect(await json('sessions', name, '--end')).toEqual({ done: true })
  expect(await json('audit', '--limit', '1')).toMatchObject([
    { action: 'sessions.ended', actor: { name: 'host' }, target: { name } },
  ])
})

test('registration, invitations, retention and limits are asked and set', async () => {
  expect((await admin('registration')).out).toBe('open')
  expect((await admin('registration', 'invite')).code).toBe(0)
  expect(await json('registration')).toEqual({ registration: 'invite' })
  const { code } = await json('invite', '--uses', '3', '--days', '7')
  expect((await admin('invites')).out).toContain(`${code}  host  0 of 3`)
  expect((await admin('revoke-invite', code)).code).toBe(0)
  expect(await json('invites')).toEqual([])
  server.publicUrl = 'https://chat.example'
  expect((await admin('invite')).out).toMatch(/^https:\/\/chat\.example\/join\/[\w-]{22}$/)
  expect(await json('retention', '--messages', '30', '--files', 'off')).toEqual({
    ...{ messageDays: 30, fileDays: null, callDays: null },
  })
  expect((await admin('retention')).out).toBe('messages  30 days\nfiles     kept\ncalls     kept')
  expect(await json('limits', '--file-mb', '9')).toMatchObject({ fileMegabytes: 9 })
})

test('calls and nodes are listed, also when there are none', async () => {
  expect(await json('calls')).toEqual([])
  expect((await admin('nodes')).out).toMatch(/^node +at +calls +load +state$/)
  expect(await admin('drain', 'x')).toMatchObject({ code: 1, err: 'No node x is alive.' })
  expect((await admin('end-call', '01999999-0000-7000-8000-000000000000')).code).toBe(1)
})

test('the owner link is offered until somebody owns the server', async () => {
  expect(await firstOwnerLink(server)).toMatch(/\/owner#[\w-]{43}$/)
  expect((await admin('owner-link')).out).toMatch(/\/owner#[\w-]{43}\n/)
  await admin('role', anna.username, 'owner')
  expect(await firstOwnerLink(server)).toBeUndefined()
})

test.each([
  [['fly'], 2, 'There is no command fly.'],
  [['users', '--wings'], 2, '--wings'],
  [['disable'], 1, 'Say a username.'],
  [['disable', 'nobody-here'], 1, 'There is no user nobody-here.'],
  [['role', 'x', 'emperor'], 1, 'There is no user x.'],
  [['registration', 'maybe'], 1, 'Say open, invite or closed.'],
  [['limits', '--group', 'many'], 1, '--group must be a whole number above 0.'],
  [['limits', '--group', '1'], 1, 'does not fit'],
])('%j ends with code %i and says why', async (argv, code, text) => {
  const told = await admin(...argv)
  expect([told.code, told.out]).toEqual([code, ''])
  expect(told.err).toContain(text)
})

test('without a server, or without its secret, a sentence says what to do', async () => {
  const output = { out: () => {}, err: (text: string) => void said.push(text) }
  const said: string[] = []
  const away = { ...server, url: 'http://127.0.0.1:1' }
  expect(await runAdmin(['users'], away, output)).toBe(1)
  const elsewhere = { ...server, dataDir: mkdtempSync(join(tmpdir(), 'beseda-empty-')) }
  expect(await runAdmin(['users'], elsewhere, output)).toBe(1)
  expect(said).toEqual([
    expect.stringMatching(/^Beseda does not answer at .*: start it/),
    expect.stringMatching(/admin-token can't be read .*: run this where the server runs/),
  ])
})

test('names can not move the cursor, and help names every command', async () => {
  expect(
    makeTable([
      ['a', 'b'],
      ['\u001b[2Jx', 'y'],
    ]),
  ).toBe('a      b\n [2Jx  y')
  const { out, code } = await admin('--help')
  expect(code).toBe(0)
  const docs = readFileSync(join(import.meta.dirname, '../../../docs/administration.md'), 'utf8')
  for (const [, name] of out.matchAll(/^ {2}([a-z-]+)/gm)) expect(docs).toContain(`admin ${name}`)
})
