/** Where the plain icon of the tab is. */
const plain = '/favicon.svg'

/** What stands in the badge: up to two characters fit. */
const badgeText = (count: number) => (count > 99 ? '99' : String(count))

/**
 * The address of the tab's icon while `count` messages wait: the bubble with a red
 * badge, drawn as SVG in a data URL; the plain file at zero.
 */
export function iconFor(count: number): string {
  if (count <= 0) return plain
  const svg = [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">',
    '<path fill="#6f5cf1" d="M32 5C16.5 5 4 15.9 4 29.4c0 7.2 3.6 13.7 9.3 18.1.6.5.9 1.2.7 2l-1.6 6.4c-.4 1.5 1.1 2.8 2.5 2.1l8.5-4.3c.5-.3 1.1-.3 1.6-.2 2.3.5 4.6.8 7 .8 15.5 0 28-10.9 28-24.9S47.5 5 32 5Z"/>',
    '<circle cx="43" cy="43" r="21" fill="#e0364c" stroke="#0a0e27" stroke-width="3"/>',
    `<text x="43" y="53" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="700" font-size="${count > 9 ? 25 : 30}" fill="#fff">${badgeText(count)}</text>`,
    '</svg>',
  ].join('')
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** The tab's title: how many messages wait, then the name. */
export const titleFor = (count: number, name: string) => (count > 0 ? `(${count}) ${name}` : name)
