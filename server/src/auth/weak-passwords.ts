import { refuse } from '../errors.ts'

/**
 * Stems of the passwords that lists of broken accounts are full of, folded by `stemOf`. Digits and
 * signs around a stem help nobody, so that `Password123!` is found by `password`.
 */
const stems = new Set(
  `password passwort passw parol пароль qwerty qwertyuiop qwertyui qwert asdf asdfgh asdfghjkl zxcvbn
  zxcvbnm йцукен йцукенг йцукенгшщз фыва фывапролдж ячсмить qazwsx qazwsxedc qweasd qweasdzxc
  letmein welcome admin administrator root user guest test testing login master secret iloveyou
  lovely princess sunshine monkey dragon football baseball basketball superman batman pokemon
  michael jordan jennifer jessica charlie thomas michelle ashley daniel anthony computer internet
  samsung google facebook whatever trustno freedom shadow ninja hello changeme default starwars
  killer summer winter spring autumn flower cookie chocolate butterfly banana orange cheese liverpool
  chelsea arsenal abc abcd abcde abcdef abcdefg abcdefgh pass access hunter mustang corvette ferrari
  mercedes porsche harley buster soccer hockey george maggie pepper ginger tigger matthew joshua
  andrew любовь солнышко привет люблю наташа максим марина светлана кристина александр анастасия
  spartak zenit marina natasha svetlana alexander privet solnce beseda беседа discord telegram`
    .split(/\s+/)
    .filter(Boolean),
)

/** Letters that digits and signs are written for. */
const disguises: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}

const rows = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
]

/** What a password is without regard to case, and to digits and signs around it. */
function stemOf(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}

const undisguised = (text: string) => [...text].map((sign) => disguises[sign] ?? sign).join('')

/** Nothing but one short piece again and again: `aaaaaaaa`, `12341234`. */
const isRepeated = (text: string) => /^(.{1,4}?)\1+$/su.test(text)

function isRow(text: string): boolean {
  const backwards = [...text].reverse().join('')
  return rows.some((row) => {
    const twice = row + row
    return twice.includes(text) || twice.includes(backwards)
  })
}

/**
 * Whether a password is one that is tried first: common, a run of keys, a repetition, or the
 * account's own name (NIST SP 800-63B §3.1.1.2).
 *
 * @param names of the account, such as username and display name
 * @param isPublic whether strangers reach the server; on one that is only tried, `password123`
 * passes and `password` does not
 */
export function isWeak(password: string, names: string[], isPublic: boolean): boolean {
  const text = password.normalize('NFKC').toLowerCase()
  const stem = stemOf(text)
  const own = names.map((name) => name.normalize('NFKC').toLowerCase())
  if (isRepeated(text) || isRow(text) || stems.has(text) || own.includes(text)) return true
  if (!isPublic) return false
  if (stem === '') return /^\d+$/.test(text) && text.length <= 8
  return [stem, stemOf(undisguised(text))].some(
    (candidate) => stems.has(candidate) || own.includes(candidate) || isRepeated(candidate),
  )
}

/** @throws Refusal WEAK_PASSWORD */
export function requireStrong(password: string, names: string[], isPublic: boolean): void {
  if (isWeak(password, names, isPublic)) {
    throw refuse('WEAK_PASSWORD', 'This password is one that is tried first. Choose another one.')
  }
}
