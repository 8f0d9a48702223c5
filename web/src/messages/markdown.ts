import { type Inline, parseInline } from './inline.ts'

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'quote'; children: Inline[] }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'code'; text: string }

type LineKind = 'paragraph' | 'quote' | 'list'

const fence = '```'

function kindOf(line: string): LineKind {
  if (line.startsWith('>')) return 'quote'
  return line.startsWith('- ') ? 'list' : 'paragraph'
}

function toBlock(kind: LineKind, lines: string[]): Block | null {
  switch (kind) {
    case 'quote':
      return {
        kind,
        children: parseInline(lines.map((line) => line.replace(/^> ?/, '')).join('\n')),
      }
    case 'list':
      return { kind, items: lines.map((line) => parseInline(line.slice(2))) }
    case 'paragraph': {
      const text = lines.join('\n').replace(/^\n+/, '').trimEnd()
      return text === '' ? null : { kind, children: parseInline(text) }
    }
  }
}

/** Quotes, lists and paragraphs of a text without code blocks. */
function parseLines(text: string): Block[] {
  const blocks: Block[] = []
  let [kind, run]: [LineKind, string[]] = ['paragraph', []]
  const end = () => {
    const block = run.length > 0 ? toBlock(kind, run) : null
    if (block) blocks.push(block)
    run = []
  }
  for (const line of text.split('\n')) {
    const next = kindOf(line)
    if (next !== kind) end()
    kind = next
    run.push(line)
  }
  end()
  return blocks
}

/**
 * Read the safe subset of Markdown that messages may use: bold, italic, strike,
 * spoiler, code, links, quotes, lists. There is no way to say HTML in it, and
 * what does not parse stays text. Linear in the length of the text.
 */
export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = []
  const parts = text.split(fence)
  // A fence that is never closed is text.
  const unclosed = parts.length % 2 === 0 ? fence + (parts.pop() ?? '') : ''
  for (const [index, part] of parts.entries()) {
    const isCode = index % 2 === 1
    const isLast = index === parts.length - 1
    if (isCode && part.trim() !== '') {
      blocks.push({ kind: 'code', text: part.replace(/^[\w+#-]*\n/, '').replace(/\n$/, '') })
    } else if (isCode) blocks.push(...parseLines(fence + part + fence))
    else for (const block of parseLines(isLast ? part + unclosed : part)) blocks.push(block)
  }
  return blocks
}

/** What stands for a spoiler where it can't be uncovered. */
const covered = '▒▒▒▒'

function inlineText(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text
      return node.kind === 'spoiler' ? covered : inlineText(node.children)
    })
    .join('')
}

/** A message on one line without its marks, as previews and quotes show it; spoilers stay covered. */
export function plainText(body: string): string {
  return parseMarkdown(body)
    .map((block) => {
      if (block.kind === 'code') return block.text
      return block.kind === 'list'
        ? block.items.map(inlineText).join(' ')
        : inlineText(block.children)
    })
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}
