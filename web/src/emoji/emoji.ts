import type { Language } from '../i18n/language.ts'

export type Emoji = { emoji: string; label: string; words: string; group: number }

/** The ones that are a click away. */
export const quickEmoji = ['👍', '❤️', '😂', '😮', '😢', '🎉']

/** The data's number of the group of skin tones and hair, which are no emoji of their own. */
const components = 2

/** What is an emoji anyway needs no selector after it, and the server takes none. */
const bare = (emoji: string) => emoji.replace(/^(\p{Emoji_Presentation})\uFE0F$/u, '$1')

/** Every emoji, named in one language; fetched when first wanted. */
export async function loadEmoji(language: Language): Promise<Emoji[]> {
  const { default: entries } = await (language === 'ru'
    ? import('emojibase-data/ru/compact.json')
    : import('emojibase-data/en/compact.json'))
  return entries
    .flatMap(({ unicode, label, tags, group, order }) =>
      group === undefined || group === components
        ? []
        : [
            {
              emoji: bare(unicode),
              label,
              words: [label, ...(tags ?? [])].join(' '),
              group,
              order,
            },
          ],
    )
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ emoji, label, words, group }) => ({
      emoji,
      label,
      words: words.toLowerCase(),
      // The components left a gap.
      group: group > components ? group - 1 : group,
    }))
}

/** Those in whose name or tags a word begins with each word of the query. */
export function findEmoji(all: Emoji[], query: string): Emoji[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter(({ words }) =>
    wanted.every((word) => words.startsWith(word) || words.includes(` ${word}`)),
  )
}
