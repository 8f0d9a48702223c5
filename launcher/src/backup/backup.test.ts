import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stageBackup } from '@beseda/server/backup/stage'
import { openUnchanged } from '@beseda/server/db/database'
import { openTestHouse, type TestHouse } from '@beseda/server/testing/app'
import type { Person } from '@beseda/server/testing/person'
import { create } from 'tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findPostgres, withPostgres } from '../testing/postgres.ts'
import { backup } from './backup.ts'
import { unpack } from './pack.ts'
import { restore } from './restore.ts'

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let house: TestHouse
let anna: Person
let chatId: string
let folder: string
/** What the commands find in their environment. */
let env: Record<string, string>
let archive: string
let dataDir: string

beforeAll(async () => {
  house = await openTestHouse()
  folder = await mkdtemp(join(tmpdir(), 'beseda-backup-'))
  anna = await house.person('Анна «\\"\n» 🎈')
  const boris = await house.person('Boris')
  chatId = (await anna.group([boris.id])).id
  const picture = await anna.upload(png, 'sent.png')
  const text = await anna.upload('words', 'words.txt')
  const { id } = await anna.send(chatId, 'Первое 😀 \\ " \u2028 words', [picture.id, text.id])
  await boris.call('POST', `/chats/${chatId}/messages`, {
    body: 'An answer',
    clientId: crypto.randomUUID(),
    replyToId: id,
  })
  await boris.call('PUT', `/chats/${chatId}/messages/${id}/reactions/${encodeURIComponent('👍')}`)
  dataDir = house.first.services.settings.DATA_DIR
  const { hostname, port } = new URL(house.first.url)
  env = { HOST: hostname, PORT: port, DATA_DIR: dataDir }
  archive = join(folder, 'first.tar')
  await writeFile(join(folder, '.env'), 'SOME=setting\n')
})
afterAll(async () => {
  await house?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Where nothing runs. */
async function emptyPlace(more: Record<string, string> = {}) {
  return { HOST: '127.0.0.1', PORT: '1', DATA_DIR: await mkdtemp(join(folder, 'data-')), ...more }
}

/** What a place holds: all rows by table, and all files. */
async function content(place: { DATA_DIR: string; DATABASE_URL?: string }) {
  const database = openUnchanged(place.DATABASE_URL, place.DATA_DIR)
  const staging = await mkdtemp(join(place.DATA_DIR, 'compare-'))
  const manifest = await stageBackup({ db: database.db, dataDir: place.DATA_DIR }, staging)
  await database.close()
  const names = await readdir(join(staging, 'files'))
  const files = await Promise.all(
    names.sort().map(async (name) => [name, await readFile(join(staging, 'files', name), 'hex')]),
  )
  return { tables: manifest.database.tables, files }
}

test('a server in use gives one file that holds all, for its owner only', async () => {
  let stop = false
  const writing = (async () => {
    for (let count = 0; !stop; count += 1) await anna.send(chatId, `Meanwhile ${count}`)
  })()
  const manifest = await backup({ env, target: archive, envFile: join(folder, '.env') })
  stop = true
  await writing
  expect((await stat(archive)).mode & 0o777).toBe(0o600)
  expect(manifest.files).toMatchObject({ count: 3, missing: [] })
  expect(await readdir(dataDir)).not.toContainEqual(expect.stringContaining('staging'))
  await expect(backup({ env, target: archive, envFile: '' })).rejects.toThrow(/is there already/)
}, 60_000)

test('restored it holds the same, with the secrets, and every chat is of one moment', async () => {
  const place = await emptyPlace()
  const { manifest, notes } = await restore({ env: place, source: archive })
  const found = await content(place)
  expect(found.tables).toEqual(manifest.database.tables)
  expect(found.files).toHaveLength(3)
  for (const [name, bytes] of found.files) {
    expect(await readFile(join(dataDir, 'files', `${name}`), 'hex')).toBe(bytes)
  }
  const secrets = await readFile(join(place.DATA_DIR, 'secrets.json'), 'utf8')
  expect(Object.keys(JSON.parse(secrets))).toEqual(['JWT_SECRET', 'CALL_TOKEN_SECRET'])
  expect(notes.join()).toContain('env-of-backup')
  const database = openUnchanged(undefined, place.DATA_DIR)
  const { rows } = await database.db.execute<{ lastSeq: number; newest: number; body: string }>(
    `SELECT last_seq::int AS "lastSeq", (SELECT max(seq)::int FROM messages m WHERE m.chat_id = c.id) AS newest,
      (SELECT body FROM messages m WHERE m.chat_id = c.id AND body <> '' ORDER BY seq LIMIT 1) AS body
    FROM chats c`,
  )
  await database.close()
  for (const chat of rows) expect(chat.lastSeq).toBe(chat.newest)
  expect(rows[0]?.body).toBe('Первое 😀 \\ " \u2028 words')
  await expect(restore({ env: place, source: archive })).rejects.toThrow(/holds files already/)
  await rm(join(place.DATA_DIR, 'files'), { recursive: true })
  await expect(restore({ env: place, source: archive })).rejects.toThrow(/is not empty/)
}, 60_000)

test.runIf(findPostgres())(
  'it moves from the embedded database to PostgreSQL, and back',
  () =>
    withPostgres(async (url) => {
      const server = await emptyPlace({ DATABASE_URL: url })
      const { manifest } = await restore({ env: server, source: archive })
      expect((await content(server)).tables).toEqual(manifest.database.tables)
      const second = join(folder, 'second.tar')
      await backup({ env: server, target: second, envFile: '' })
      const embedded = await emptyPlace()
      await restore({ env: embedded, source: second })
      expect(await content(embedded)).toEqual(await content(server))
    }),
  120_000,
)

test('nothing is restored over a server that runs', async () => {
  await expect(restore({ env, source: archive })).rejects.toThrow(/stop it first/)
})

test.each([
  ['changed', async (at: string) => writeFile(join(at, 'manifest.json'), '{}')],
  ['removed', async (at: string) => rm(join(at, 'manifest.json'))],
  ['added', async (at: string) => writeFile(join(at, 'files', 'more'), '')],
])('an archive with something %s is refused', async (what, spoil) => {
  const at = await mkdtemp(join(folder, 'spoilt-'))
  await unpack(archive, at)
  await spoil(at)
  const spoilt = join(folder, `${what}.tar`)
  await create({ file: spoilt, cwd: at }, await readdir(at))
  const place = await emptyPlace()
  await expect(restore({ env: place, source: spoilt })).rejects.toThrow(/damaged|not backed up/)
  expect(existsSync(join(place.DATA_DIR, 'postgres'))).toBe(false)
})
