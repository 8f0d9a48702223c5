/**
 * The browser's storage; null where the reader forbids pages to keep anything: asking
 * for it throws then.
 */
export function findStorage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}
