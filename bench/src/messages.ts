import { withPostgres } from '@beseda/launcher/testing/postgres'
import { sessionSchema } from '@beseda/protocol/auth'
import { chatSchema } from '@beseda/protocol/chats'
import pg from 'pg'
import { withBeseda } from './beseda.ts'
import { fillChat, messageCount, words } from './million.ts'
import { percentile, type Row } from './numbers.ts'

const pageSize = 50
const rounds = 300
const warmUp = 40
const searchRounds = 30

/**
 * A chat of a million messages on PostgreSQL: pages at random places through
 * the REST route, beside the bare statement for the same rows; then the search
 * and the count of what is unread.
 */
export function measureMessages(): Promise<Row[]> {
  return withPostgres((databaseUrl) =>
    withBeseda({ DATABASE_URL: databaseUrl }, async ({ url }) => {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      try {
        const anna = await signUp(url, 'anna')
        const boris = await signUp(url, 'boris')
        const created = await anna.post('/chats', {
          type: 'group',
          name: 'A million',
          memberIds: [boris.id],
        })
        const { id } = chatSchema.parse(created)
        await fillChat(client, id, [anna.id, boris.id], showProgress)
        return [
          ...(await measurePages(anna, client, id)),
          ...(await measureSearch(anna, id)),
          ...(await measureUnread(anna, client, id)),
        ]
      } finally {
        await client.end()
      }
    }),
  )
}

function showProgress(written: number) {
  process.stdout.write(`\r  ${written.toLocaleString('en')} messages written\r`)
}

type Caller = Awaited<ReturnType<typeof signUp>>

/** Sign up and call the API with nothing in between. */
async function signUp(url: string, username: string) {
  const registered = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: `${username}-password`, displayName: username }),
  })
  const { user, accessToken } = sessionSchema.parse(await registered.json())
  async function call(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${url}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return response.json()
  }
  return { id: user.id, get: call, post: call }
}

/** Milliseconds that `work` takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const randomSeq = () => 1 + Math.floor(Math.random() * messageCount)

async function measurePages(anna: Caller, client: pg.Client, chatId: string): Promise<Row[]> {
  const floor = (seq: number) =>
    client.query({
      name: 'page',
      text: `SELECT m.id, m.seq, m.client_id, m.body, m.system, m.mentions, m.pinned_at,
          m.created_at, m.edited_at, m.deleted_at, u.id, u.username, u.display_name, u.avatar_id
        FROM messages m LEFT JOIN users u ON u.id = m.sender_id
        WHERE m.chat_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT ${pageSize}`,
      values: [chatId, seq],
    })
  const samples: Record<'before' | 'after' | 'around' | 'floor', number[]> = {
    before: [],
    after: [],
    around: [],
    floor: [],
  }
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const kind of ['before', 'floor', 'after', 'around'] as const) {
      const seq = randomSeq()
      const ms = await timed(() =>
        kind === 'floor'
          ? floor(seq)
          : anna.get(`/chats/${chatId}/messages?${kind}=${seq}&limit=${pageSize}`),
      )
      if (round >= warmUp) samples[kind].push(ms)
    }
  }
  const rows = Object.entries(samples).flatMap(([kind, values]): Row[] => {
    const what = kind === 'floor' ? 'the statement alone' : `page of ${pageSize} ${kind} a message`
    const goal = kind === 'floor' ? {} : { goal: 20 }
    return [
      { what: `${what}, p50`, value: percentile(values, 0.5), unit: 'ms' },
      { what: `${what}, p95`, value: percentile(values, 0.95), unit: 'ms', ...goal },
      { what: `${what}, p99`, value: percentile(values, 0.99), unit: 'ms' },
    ]
  })
  const ratio = percentile(samples.before, 0.5) / percentile(samples.floor, 0.5)
  return [...rows, { what: 'page before a message / the statement, p50', value: ratio, unit: '×' }]
}

async function measureSearch(anna: Caller, chatId: string): Promise<Row[]> {
  const queries = {
    'search, a word in every third message': words.common,
    'search, a word in every hundredth': words.some,
    'search, a rare word': words.rare,
    'search, a word of all of the oldest quarter': words.past,
    'search, the beginning of a common word': words.common.slice(0, 4),
    'search, a common and a rare word': `${words.common} ${words.rare}`,
    'search, a word of no message': 'небывалое',
  }
  const rows: Row[] = []
  for (const [what, q] of Object.entries(queries)) {
    const samples: number[] = []
    for (let round = 0; round < searchRounds; round++) {
      const place = round % 2 === 0 ? '' : `&chatId=${chatId}`
      samples.push(
        await timed(() => anna.get(`/search/messages?q=${encodeURIComponent(q)}${place}`)),
      )
    }
    rows.push({ what: `${what}, p95`, value: percentile(samples, 0.95), unit: 'ms', goal: 200 })
  }
  return rows
}

async function measureUnread(anna: Caller, client: pg.Client, chatId: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const unread of [1_000, 100_000, messageCount]) {
    await client.query(
      'UPDATE chat_members SET read_seq = $3 WHERE chat_id = $1 AND user_id = $2',
      [chatId, anna.id, Math.max(0, messageCount - unread)],
    )
    const samples: number[] = []
    for (let round = 0; round < searchRounds; round++)
      samples.push(await timed(() => anna.get('/chats')))
    rows.push({
      what: `the list of chats, ${unread.toLocaleString('en')} messages unread, p95`,
      value: percentile(samples, 0.95),
      unit: 'ms',
      goal: 50,
    })
  }
  return rows
}
