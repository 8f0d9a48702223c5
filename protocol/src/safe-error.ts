/** What a log may hold of an error. */
export type SafeError = {
  type: string
  message: string
  stack?: string
  code?: string
  cause?: SafeError
}

/** From here on the message of a failed query repeats its values: messages, password hashes. */
const values = /\s*\bparams: [\s\S]*$/

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/**
 * An error without what it carries along: a driver's error holds the whole query with its values,
 * Redis's the command with its arguments.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' }
  const message = error.message.replace(values, '')
  // The stack begins with the message.
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error ? text(error.code) : undefined
  return {
    type: error.name,
    message,
    ...(frames && { stack: [`${error.name}: ${message}`, ...frames].join('\n') }),
    ...(code !== undefined && { code }),
    ...(error.cause instanceof Error && depth < 4 && { cause: safeError(error.cause, depth + 1) }),
  }
}
