/** Where short lines about the work go while a person waits. */
export type Progress = {
  /** A new stage begins. */
  stage(text: string): void
  /** The current stage is so far along, 0 to 100. */
  percent(value: number): void
  /** Something worth a line of its own that is not a stage. */
  note(text: string): void
  /** The last stage is over; leaves the cursor on a fresh line. */
  done(): void
}

type Out = { isTTY?: boolean | undefined; write(text: string): unknown }

/** Progress that nobody sees. */
export const silentProgress: Progress = {
  stage: () => {},
  percent: () => {},
  note: () => {},
  done: () => {},
}

/**
 * Progress on a terminal: one line for each stage, with percentage and elapsed
 * time kept up to date in place. Where the output is not a terminal, plain lines
 * and one for every 20 %.
 */
export function makeProgress(out: Out, now: () => number = Date.now): Progress {
  let text: string | undefined
  let startedAt = 0
  let shown = -1

  const elapsed = () => {
    const seconds = Math.floor((now() - startedAt) / 1000)
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
  const line = () => `${text}${shown >= 0 ? ` ${shown} %, ${elapsed()}` : ''}`
  const close = () => {
    if (text !== undefined && out.isTTY) out.write('\n')
    text = undefined
  }

  return {
    stage: (next) => {
      close()
      text = next
      startedAt = now()
      shown = -1
      out.write(out.isTTY ? line() : `${line()}\n`)
    },
    percent: (value) => {
      if (text === undefined) return
      const rounded = Math.floor(value)
      if (out.isTTY) {
        if (rounded === shown) return
        shown = rounded
        out.write(`\r\x1b[K${line()}`)
      } else if (rounded >= shown + 20 || (rounded === 100 && shown !== 100)) {
        shown = rounded
        out.write(`${line()}\n`)
      }
    },
    note: (note) => {
      close()
      out.write(`${note}\n`)
    },
    done: close,
  }
}
