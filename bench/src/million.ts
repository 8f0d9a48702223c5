import type pg from 'pg'

/** Messages written; 1,000,000 unless BENCH_MESSAGES says otherwise. */
export const messageCount = Number(process.env.BENCH_MESSAGES ?? 1_000_000)

/** Texts that differ; every message has one of them. */
const textCount = 20_000
const batch = 50_000
const syllables = ['ва', 'ко', 'ли', 'ме', 'но', 'ра', 'си', 'ту', 'фе', 'щи', 'дра', 'блю']

/** Words of the texts by how many of the messages have them; `past` is in all of the oldest quarter and in no other. */
export const words = { common: 'встреча', some: 'договор', rare: 'редкость', past: 'прошлое' }

/** Ordinary made-up words, the earlier ones said far more often, as in speech. */
const vocabulary = Array.from({ length: 4_000 }, (_, n) => {
  const at = (step: number) => syllables[Math.floor(n / step) % syllables.length]
  return `${at(1)}${at(12)}${at(144)}${at(1_728)}`
})

/** The n-th text: the same at every run. */
function textOf(n: number): string {
  let state = (n + 1) * 2_654_435_761
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return (state >>> 0) / 2 ** 32
  }
  const said = Array.from({ length: 3 + Math.floor(random() * 18) }, () => {
    const rank = Math.floor(vocabulary.length ** random()) - 1
    return vocabulary[rank]
  })
  if (n % 3 === 0) said.push(words.common)
  if (n % 100 === 0) said.push(words.some)
  if (n % 10_000 === 0) said.push(words.rare)
  return said.join(' ')
}

/** Fill a chat that has no messages yet, as its members would have, one message a minute. */
export async function fillChat(
  client: pg.Client,
  chatId: string,
  senderIds: readonly string[],
  onProgress: (written: number) => void,
): Promise<void> {
  await client.query('DELETE FROM messages WHERE chat_id = $1', [chatId])
  // Each text twice: the second time as the oldest messages have it.
  const texts = Array.from({ length: textCount }, (_, n) => textOf(n))
  await client.query(
    `CREATE TEMP TABLE texts AS
     SELECT n - 1 AS n, body, strip(to_tsvector('simple', body) ||
       to_tsvector('russian', body) || to_tsvector('english', body)) AS search_words
     FROM unnest($1::text[]) WITH ORDINALITY AS given (body, n)`,
    [[...texts, ...texts.map((text) => `${text} ${words.past}`)]],
  )
  for (let from = 1; from <= messageCount; from += batch) {
    const to = Math.min(from + batch - 1, messageCount)
    await client.query(
      `INSERT INTO messages (id, chat_id, seq, sender_id, client_id, body, search_words, created_at)
       SELECT gen_random_uuid(), $1, seq, ($2::uuid[])[1 + seq % $3], gen_random_uuid(),
         body, search_words, now() - ($4 - seq) * interval '1 minute'
       FROM generate_series($5::int, $6::int) AS seq JOIN texts
         ON n = seq::bigint * 7919 % ${textCount} + CASE WHEN seq <= $4 / 4 THEN ${textCount} ELSE 0 END`,
      [chatId, senderIds, senderIds.length, messageCount, from, to],
    )
    onProgress(to)
  }
  await client.query('UPDATE chats SET last_seq = $2, last_activity_at = now() WHERE id = $1', [
    chatId,
    messageCount,
  ])
  await client.query('VACUUM ANALYZE')
}
