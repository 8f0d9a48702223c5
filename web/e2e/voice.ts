import { type Client, type ClientOptions, createClient } from '@beseda/client/client'
import { expect } from 'vitest'

/** Somebody without a browser, who writes fast. */
export type Voice = { name: string; id: string; client: Client }

/** A new user signs up at `url` from this process; with a device they can be in calls. */
export async function makeVoice(
  url: string,
  name: string,
  device: Pick<ClientOptions, 'createDevice'> = {},
): Promise<Voice> {
  const client = createClient({ url, ...device })
  const username = name.toLowerCase()
  await client.session.register({ username, password: `${name}-is-my-password`, displayName: name })
  const { id } = await client.rest.me()
  return { name, id, client }
}

/** The id of somebody who has an account, found by the name they signed up with. */
export async function findUser({ client }: Voice, name: string): Promise<string> {
  const { items } = await client.rest.users({ q: name })
  const found = items.find(({ username }) => username === name.toLowerCase())
  expect(found, `an account of ${name}`).toBeDefined()
  return found?.id ?? ''
}

/** Write messages in their order; answers the `seq` of each. */
export async function write(
  { client }: Voice,
  chatId: string,
  bodies: readonly string[],
): Promise<number[]> {
  const seqs: number[] = []
  for (const body of bodies) {
    const { seq } = await client.rest.sendMessage(chatId, { body, clientId: crypto.randomUUID() })
    seqs.push(seq)
  }
  return seqs
}

/** Texts of one line to many, so that no two rows in a row are alike. */
export const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => {
    const n = from + at
    return `line ${n} ${'and so on, word after word '.repeat((n * 7) % 13)}`.trim()
  })
