export const languages = ['ru', 'en'] as const
export type Language = (typeof languages)[number]

/** Each language in its own words. */
export const languageNames: Record<Language, string> = { ru: 'Русский', en: 'English' }

const isLanguage = (text: string | null): text is Language =>
  languages.some((language) => language === text)

/** The remembered language if there is one, else the first of the browser's that we speak, else English. */
export function pickLanguage(remembered: string | null, preferred: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0] ?? ''
    if (isLanguage(base)) return base
  }
  return 'en'
}
