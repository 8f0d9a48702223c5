import { createSignal } from 'solid-js'

const storageKey = 'beseda.volumes'

/** The volumes that were stored, 0 to 1 by user id; whatever makes no sense is left out. */
export function readVolumes(stored: string | null): Map<string, number> {
  let known: unknown
  try {
    known = JSON.parse(stored ?? '{}')
  } catch {
    known = {}
  }
  const entries = typeof known === 'object' && known !== null ? Object.entries(known) : []
  return new Map(
    entries.filter(([, volume]) => typeof volume === 'number' && volume >= 0 && volume < 1),
  )
}

export type Hearing = ReturnType<typeof createHearing>

/** How loud each of the others sounds here, and whether anything does; volumes outlast the call. */
export function createHearing() {
  const [deafened, setDeafened] = createSignal(false)
  const [volumes, setVolumes] = createSignal<ReadonlyMap<string, number>>(
    readVolumes(localStorage.getItem(storageKey)),
  )
  return {
    deafened,
    setDeafened,
    /** From 0, not heard, to 1. */
    volumeOf: (userId: string) => volumes().get(userId) ?? 1,
    setVolume(userId: string, volume: number) {
      const next = new Map(volumes())
      if (volume < 1) next.set(userId, volume)
      else next.delete(userId)
      setVolumes(next)
      localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(next)))
    },
  }
}
