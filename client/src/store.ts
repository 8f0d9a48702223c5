/** A value that changes, and those who want to know. Each value is immutable; a change is a new one. */
export type Store<State> = {
  get(): State
  /** Call `listener` after every change; the answer stops it. */
  subscribe(listener: (state: State) => void): () => void
}

export type WritableStore<State> = Store<State> & {
  set(next: State): void
  update(change: (state: State) => State): void
}

/** Make a store that holds `initial`. Setting the same value again tells nobody. */
export function createStore<State>(initial: State): WritableStore<State> {
  let state = initial
  const listeners = new Set<(state: State) => void>()
  const set = (next: State) => {
    if (Object.is(next, state)) return
    state = next
    for (const listener of [...listeners]) listener(state)
  }
  return {
    get: () => state,
    set,
    update: (change) => set(change(state)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
