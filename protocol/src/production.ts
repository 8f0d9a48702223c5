import type { Settings } from './settings.ts'

/** Characters of a password that opens a service on the own network. */
const passwordMin = 12
/** Characters of what signs tokens and relay credentials. */
const secretMin = 32
/** Different characters of a secret that was not typed with one finger. */
const varietyMin = 8

/** What stands in examples and tutorials, in whatever case. */
const examples =
  /^(beseda|postgres|redis|valkey|turn|admin|root|test)*$|pass(word|wort|phrase)|change.?(me|it|this)|replace.?(me|this)|example|your.?secret|secret.?(key|here)|hunter2|qwerty|123456/i

/**
 * Why a secret could be guessed, as the end of a sentence; nothing when it could not.
 *
 * @param length characters that it needs at least
 */
export function weakness(secret: string, length: number): string | undefined {
  if (secret.length < length) return `has fewer than ${length} characters`
  if (examples.test(secret)) return 'is an example that everybody knows'
  if (new Set(secret).size < varietyMin) return 'repeats a few characters'
  return undefined
}

type Guarded = Partial<
  Settings<
    | 'RATE_LIMITS'
    | 'JWT_SECRET'
    | 'CALL_TOKEN_SECRET'
    | 'TURN_SERVER_URL'
    | 'TURN_SECRET'
    | 'TURN_PASSWORD'
    | 'DATABASE_URL'
    | 'REDIS_URL'
    | 'REDIS_HOST'
    | 'REDIS_PASSWORD'
  >
>

/**
 * What may not be so where strangers come: a sentence each, which never repeats a
 * secret. Settings that a process doesn't read are not judged by it.
 */
export function productionProblems(values: Guarded): string[] {
  const problems: string[] = []
  const refuse = (what: string, weak: string | undefined) => {
    if (weak) problems.push(`${what} ${weak}, which production refuses: ${remedy}.`)
  }
  if (values.RATE_LIMITS === 'off') {
    problems.push('RATE_LIMITS=off is for load tests and is refused in production.')
  }
  for (const name of ['JWT_SECRET', 'CALL_TOKEN_SECRET'] as const) {
    const secret = values[name]
    if (secret !== undefined) refuse(name, weakness(secret, secretMin))
  }
  if (values.JWT_SECRET !== undefined && values.JWT_SECRET === values.CALL_TOKEN_SECRET) {
    refuse('CALL_TOKEN_SECRET', 'is the same as JWT_SECRET')
  }
  if (values.TURN_SERVER_URL?.length) {
    const { TURN_SECRET, TURN_PASSWORD } = values
    if (TURN_SECRET) refuse('TURN_SECRET', weakness(TURN_SECRET, secretMin))
    else if (TURN_PASSWORD) refuse('TURN_PASSWORD', weakness(TURN_PASSWORD, passwordMin))
  }
  refuse('The password in DATABASE_URL', doorWeakness(values.DATABASE_URL))
  if (values.REDIS_URL) refuse('The password in REDIS_URL', doorWeakness(values.REDIS_URL))
  else if (values.REDIS_HOST) {
    refuse('REDIS_PASSWORD', passwordWeakness(values.REDIS_HOST, values.REDIS_PASSWORD ?? ''))
  }
  return problems
}

const remedy = 'make one with `openssl rand -hex 32`'

function doorWeakness(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const { hostname, password } = new URL(url)
  return passwordWeakness(hostname, password)
}

/** Nobody but this machine reaches its loopback, where a service may do without a password. */
function passwordWeakness(host: string, password: string): string | undefined {
  if (password === '') return isLoopback(host) ? undefined : 'is missing'
  return weakness(password, passwordMin)
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|)$/i.test(host)
}
