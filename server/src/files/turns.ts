/**
 * Make a gate that lets `max` pieces of work run at a time; the others wait for
 * their turn in the order in which they came.
 */
export function makeTurns(max: number) {
  let running = 0
  const waiting: (() => void)[] = []

  return async function takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < max) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
