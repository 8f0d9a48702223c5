/**
 * Fold a name for comparison: case, compatibility forms and ё don't count. It is
 * done here because the database folds Cyrillic only under some locales.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll('ё', 'е').trim()
}

/** What the search compares: the username, a space, the folded display name. */
export function searchTextOf(username: string, displayName: string): string {
  return `${username} ${foldName(displayName)}`
}
