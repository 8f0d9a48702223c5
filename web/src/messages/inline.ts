import { readAddress, safeHref } from './links.ts'

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; text: string }
  | { kind: 'mention'; username: string; text: string }
  | { kind: SpanKind; children: Inline[] }

type SpanKind = 'bold' | 'italic' | 'strike' | 'spoiler'

const spans: Record<string, SpanKind> = {
  '**': 'bold',
  '*': 'italic',
  '~~': 'strike',
  '||': 'spoiler',
}

/** A span that is open, and what stands in it so far. */
type Frame = { mark: string; nodes: Inline[] }

const namedLink = /\[([^[\]\n]+)\]\(([^\s()]*(?:\([^\s()]*\)[^\s()]*)?)\)/y
const mention = /@([a-z0-9][a-z0-9_.-]{0,30}[a-z0-9_])/iy
const wordBefore = /[\p{L}\p{N}_@.]/u
const special = /[*~|`[@hm]/gi

function pushText(nodes: Inline[], text: string) {
  const last = nodes.at(-1)
  if (text === '') return
  if (last?.kind === 'text') last.text += text
  else nodes.push({ kind: 'text', text })
}

function moveInto(nodes: Inline[], moved: Inline[]) {
  for (const node of moved) {
    if (node.kind === 'text') pushText(nodes, node.text)
    else nodes.push(node)
  }
}

/** At most one span of each kind is open at a time, so that the stack stays four deep. */
function createStack() {
  const root: Frame = { mark: '', nodes: [] }
  const open: Frame[] = []
  const top = () => open.at(-1) ?? root
  /** A mark that was never closed is text after all. */
  const dissolve = () => {
    const frame = open.pop()
    if (!frame) return
    pushText(top().nodes, frame.mark)
    moveInto(top().nodes, frame.nodes)
  }
  return {
    top,
    isOpen: (mark: string) => open.some((frame) => frame.mark === mark),
    start: (mark: string) => open.push({ mark, nodes: [] }),
    close(mark: string) {
      while (top().mark !== mark) dissolve()
      const children = open.pop()?.nodes ?? []
      const kind = spans[mark]
      if (kind && children.length > 0) top().nodes.push({ kind, children })
      else pushText(top().nodes, mark + mark)
    },
    finish(): Inline[] {
      while (open.length > 0) dissolve()
      return root.nodes
    },
  }
}

/** Something that is one piece: code, a link, an address, a mention. */
function readAtom(text: string, at: number): { node: Inline; length: number } | null {
  switch (text.charAt(at)) {
    case '[': {
      namedLink.lastIndex = at
      const found = namedLink.exec(text)
      const href = found && safeHref(found[2] ?? '')
      if (!found || !href) return null
      return { node: { kind: 'link', href, text: found[1] ?? href }, length: found[0].length }
    }
    case '@': {
      mention.lastIndex = at
      const found = mention.exec(text)
      if (!found || wordBefore.test(text.charAt(at - 1))) return null
      const username = (found[1] ?? '').toLowerCase()
      return { node: { kind: 'mention', username, text: found[0] }, length: found[0].length }
    }
    default: {
      if (wordBefore.test(text.charAt(at - 1))) return null
      const href = readAddress(text, at)
      return href ? { node: { kind: 'link', href, text: href }, length: href.length } : null
    }
  }
}

const isBlank = (char: string) => char === '' || /\s/.test(char)

function markAt(text: string, at: number, innermost: string): string | null {
  if (innermost === '*' && text.startsWith('***', at)) return '*'
  return Object.keys(spans).find((mark) => text.startsWith(mark, at)) ?? null
}

/**
 * Read the marks within a paragraph, in linear time. What does not fit together
 * stays text; nothing of the text is lost but the marks.
 */
export function parseInline(text: string): Inline[] {
  const stack = createStack()
  const lastTick = text.lastIndexOf('`')
  let at = 0
  const plain = (length: number) => {
    pushText(stack.top().nodes, text.slice(at, at + length))
    at += length
  }
  const takeCode = () => {
    const end = at < lastTick ? text.indexOf('`', at + 1) : -1
    if (end <= at + 1) return plain(end < 0 ? 1 : 2)
    stack.top().nodes.push({ kind: 'code', text: text.slice(at + 1, end) })
    at = end + 1
  }
  const takeMark = (mark: string) => {
    const closes = stack.isOpen(mark) && !isBlank(text.charAt(at - 1))
    const opens = !stack.isOpen(mark) && !isBlank(text.charAt(at + mark.length))
    if (!closes && !opens) return plain(mark.length)
    if (closes) stack.close(mark)
    else stack.start(mark)
    at += mark.length
  }
  while (at < text.length) {
    special.lastIndex = at
    const next = special.exec(text)?.index ?? text.length
    if (next > at) {
      plain(next - at)
      continue
    }
    const mark = markAt(text, at, stack.top().mark)
    const atom = mark === null && text.charAt(at) !== '`' ? readAtom(text, at) : null
    if (mark !== null) takeMark(mark)
    else if (atom) {
      stack.top().nodes.push(atom.node)
      at += atom.length
    } else if (text.charAt(at) === '`') takeCode()
    else plain(1)
  }
  return stack.finish()
}
