/** The forms of a noun after a number; Russian needs all three, English the first and the last. */
export type Forms = { one: string; few?: string; many: string }

/** A function that joins a number and its noun: `count(5, { one: 'chat', many: 'chats' })` → `5 chats`. */
export function makeCount(language: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language)
  const number = new Intl.NumberFormat(language)
  return (n, forms) => {
    const rule = rules.select(n)
    const noun =
      rule === 'one' ? forms.one : rule === 'few' ? (forms.few ?? forms.many) : forms.many
    return `${number.format(n)} ${noun}`
  }
}
