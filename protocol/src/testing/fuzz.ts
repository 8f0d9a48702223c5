/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export type Random = () => number

export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of these. */
export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0]
}

const hostile: readonly [unknown, ...unknown[]] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  '\u0000',
  '\ud800',
  '__proto__',
  'x'.repeat(10_000),
  '00000000-0000-7000-8000-000000000000',
  [],
  {},
  [[[[[]]]]],
  { constructor: { prototype: { polluted: true } } },
  Array.from({ length: 2_000 }, (_, index) => index),
]

/** The same value with something in it that does not belong there, or missing. */
export function mutate(random: Random, value: unknown): unknown {
  const container = typeof value === 'object' && value !== null
  const keys = container ? Object.keys(value) : []
  if (!container || keys.length === 0 || random() < 0.15) return pick(random, hostile)
  const key = keys[Math.floor(random() * keys.length)] ?? ''
  const entries = Object.entries(value)
  const changed = entries.flatMap(([name, inner]): [string, unknown][] => {
    if (name !== key) return [[name, inner]]
    const how = random()
    if (how < 0.15) return []
    if (how < 0.25) {
      return [
        [name, inner],
        [`${name}!`, pick(random, hostile)],
      ]
    }
    return [[name, mutate(random, inner)]]
  })
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed)
}

/** A frame that is none: bytes, or JSON that was cut, doubled or spoilt. */
export function garble(random: Random, text: string): string | Buffer {
  const how = random()
  if (how < 0.2) {
    return Buffer.from(Array.from({ length: random() * 200 }, () => Math.floor(random() * 256)))
  }
  const at = Math.floor(random() * text.length)
  if (how < 0.4) return text.slice(0, at)
  if (how < 0.6) return `${text}${text}`
  const spoilt = String.fromCharCode(Math.floor(random() * 0xd7ff))
  return `${text.slice(0, at)}${spoilt}${text.slice(at + 1)}`
}
