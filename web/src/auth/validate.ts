import { limits } from '@beseda/protocol/limits'
import type { Dictionary } from '../i18n/ru.ts'

export type Entry = { username: string; password: string; displayName: string }
export type EntryErrors = Partial<Record<keyof Entry, string>>

const usernamePattern = /^[a-z0-9][a-z0-9_.-]*$/i

function usernameError(t: Dictionary, username: string): string | undefined {
  if (username === '') return t.auth.required
  if (!usernamePattern.test(username)) return t.auth.usernameLetters
  if (username.length < limits.usernameMin) return t.auth.usernameShort(limits.usernameMin)
  return undefined
}

/** What the server would refuse in a new password for its length. */
export function passwordError(t: Dictionary, password: string): string | undefined {
  if (password === '') return t.auth.required
  if (password.length < limits.passwordMin) return t.auth.passwordShort(limits.passwordMin)
  return undefined
}

/** What the server would refuse in a new account, said before it is asked. Empty when all is well. */
export function signUpErrors(t: Dictionary, entry: Entry): EntryErrors {
  const errors: EntryErrors = {}
  const username = usernameError(t, entry.username.trim())
  const password = passwordError(t, entry.password)
  if (username) errors.username = username
  if (password) errors.password = password
  if (entry.displayName.trim() === '') errors.displayName = t.auth.required
  return errors
}

/** Logging in only needs both fields filled: the server knows the rest. */
export function logInErrors(t: Dictionary, entry: Entry): EntryErrors {
  const errors: EntryErrors = {}
  if (entry.username.trim() === '') errors.username = t.auth.required
  if (entry.password === '') errors.password = t.auth.required
  return errors
}
