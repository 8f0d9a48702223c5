const windowMs = 10_000
const framesMax = 100

/** Counts a socket's frames, so that one client can't keep everybody busy with its presence. */
export function makeFrameMeter(now = Date.now) {
  let start = now()
  let count = 0
  return {
    /** Count one frame; false when there have been too many. */
    allows(): boolean {
      if (now() - start > windowMs) {
        start = now()
        count = 0
      }
      count += 1
      return count <= framesMax
    },
  }
}
