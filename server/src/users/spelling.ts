/** Cyrillic letters in Latin, as passports and habit have it; й and ы fall together. */
const latin: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ў: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}

/** Latin letters in Cyrillic; of what begins alike the longest stands first. */
const cyrillic: [string, string][] = [
  ['shch', 'щ'],
  ['sch', 'ш'],
  ['zh', 'ж'],
  ['kh', 'х'],
  ['ts', 'ц'],
  ['tz', 'ц'],
  ['ch', 'ч'],
  ['sh', 'ш'],
  ['ph', 'ф'],
  ['ck', 'к'],
  ['th', 'т'],
  ['yu', 'ю'],
  ['ju', 'ю'],
  ['ya', 'я'],
  ['ja', 'я'],
  ['yo', 'е'],
  ['ye', 'е'],
  ['je', 'е'],
  ['x', 'кс'],
  ...[...'abvgdeziklmnoprstufhwcqj'].map((letter, at): [string, string] => [
    letter,
    [...'абвгдезиклмнопрстуфхвккй'][at] ?? '',
  ]),
]

/**
 * The same name in the other script, for somebody who types it as they know it:
 * `анна` for `anna` and `anna` for `анна`. One spelling of several that there may be;
 * what comes near it is found as well. Null where there is nothing to spell another way.
 *
 * @param text folded: see search-text.ts
 */
export function otherSpelling(text: string): string | null {
  const hasCyrillic = /\p{Script=Cyrillic}/u.test(text)
  const hasLatin = /[a-z]/.test(text)
  if (hasCyrillic === hasLatin) return null
  const spelled = hasCyrillic ? toLatin(text) : toCyrillic(text)
  return spelled === '' ? null : spelled
}

function toLatin(text: string): string {
  const settled = text.replaceAll('кс', 'x').replace(/[иы]й(?!\p{L})/gu, 'y')
  return [...settled].map((letter) => latin[letter] ?? letter).join('')
}

function toCyrillic(text: string): string {
  let spelled = ''
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const [from, to] = letterY(rest, spelled) ??
      cyrillic.find(([letters]) => rest.startsWith(letters)) ?? [rest[0] ?? '', rest[0] ?? '']
    spelled += to
    at += from.length
  }
  return spelled.replace(/иа(?!\p{L})/gu, 'ия')
}

/** A y that begins no я, ю or е is й after a vowel, и at the end of a word, else ы. */
function letterY(rest: string, before: string): [string, string] | null {
  if (!/^y(?![aeou])/.test(rest)) return null
  if (/[аеиоу]$/.test(before)) return ['y', 'й']
  return ['y', /^y(?![a-z])/.test(rest) ? 'и' : 'ы']
}
