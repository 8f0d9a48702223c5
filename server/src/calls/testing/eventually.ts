import { vi } from 'vitest'

/** Wait until it holds; patient, for a machine that is busy with other tests. */
export function eventually(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { timeout: 15_000 })
}
