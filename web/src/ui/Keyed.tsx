import { type Accessor, createMemo, type JSX, mapArray } from 'solid-js'

/** Whether both have the same fields with the same values, one level deep. */
export function sameFields(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return Object.is(a, b)
  const before = Object.entries(a)
  const after = new Map(Object.entries(b))
  return (
    before.length === after.size &&
    before.every(([key, value]) => after.has(key) && Object.is(after.get(key), value))
  )
}

/**
 * Map a list by key: an item that is replaced by a newer version of itself
 * updates what was made of it in place. Keys must be unique.
 */
export function mapKeyed<Item, Made>(
  each: Accessor<readonly Item[]>,
  by: (item: Item) => string,
  make: (item: Accessor<Item>) => Made,
): Accessor<Made[]> {
  const items = createMemo(() => new Map(each().map((item) => [by(item), item])))
  const keys = createMemo(() => [...items().keys()])
  const made = createMemo(
    mapArray(keys, (key) => {
      const first = items().get(key)
      if (first === undefined) return []
      // A row that is about to go shows its last version until it is gone.
      const item = createMemo<Item>((last) => items().get(key) ?? last, first, {
        equals: sameFields,
      })
      return [make(item)]
    }),
  )
  return () => made().flat()
}

/** A list whose rows are kept by key, as `mapKeyed` does. */
export function Keyed<Item>(props: {
  each: readonly Item[]
  by: (item: Item) => string
  children: (item: Accessor<Item>) => JSX.Element
}) {
  const rows = mapKeyed(
    () => props.each,
    (item) => props.by(item),
    (item) => props.children(item),
  )
  return <>{rows()}</>
}
