import { expect, test } from 'vitest'
import type { Inline } from './inline.ts'
import { type Block, parseMarkdown, plainText } from './markdown.ts'

const tags = { bold: 'b', italic: 'i', strike: 's', spoiler: 'spoiler' }

function show(node: Inline): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'code':
      return `<code>${node.text}</code>`
    case 'link':
      return `<a ${node.href}>${node.text}</a>`
    case 'mention':
      return `<@${node.username}>`
    default:
      return `<${tags[node.kind]}>${showAll(node.children)}</${tags[node.kind]}>`
  }
}
const showAll = (nodes: Inline[]) => nodes.map(show).join('')

function showBlock(block: Block): string {
  if (block.kind === 'code') return `<pre>${block.text}</pre>`
  if (block.kind === 'list') return `<ul>${block.items.map((item) => `<li>${showAll(item)}`)}</ul>`
  const text = showAll(block.children)
  return block.kind === 'quote' ? `<q>${text}</q>` : text
}
const shown = (text: string) => parseMarkdown(text).map(showBlock).join('¶')

test.each([
  ['plain', 'plain'],
  [
    '**bold** *italic* ~~strike~~ ||spoiler||',
    '<b>bold</b> <i>italic</i> <s>strike</s> <spoiler>spoiler</spoiler>',
  ],
  ['**a *b* ~~c~~**', '<b>a <i>b</i> <s>c</s></b>'],
  ['***both***', '<b><i>both</i></b>'],
  ['||**x** `y`||', '<spoiler><b>x</b> <code>y</code></spoiler>'],
  ['`**not bold**`', '<code>**not bold**</code>'],
  ['слово**жирно**слово', 'слово<b>жирно</b>слово'],
  ['**two\nlines**', '<b>two\nlines</b>'],
])('marks: %j', (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  '**open',
  'close**',
  '2 * 3 * 4',
  '** spaced **',
  '****',
  '||||',
  '``',
  '`open',
  '```open',
  '``````',
  'a ~ b | c',
  '[x]',
  '[x](',
  'anna@home',
  '@',
])('what does not fit together stays text: %j', (text) => {
  expect(shown(text)).toBe(text)
})

test('marks that cross: the outer one wins', () => {
  expect(shown('**a *b** c*')).toBe('<b>a *b</b> c*')
})

test.each([
  ['[docs](https://a.example/x)', '<a https://a.example/x>docs</a>'],
  ['[B](https://a.example/B_(c))', '<a https://a.example/B_(c)>B</a>'],
  ['**https://a.example**', '<b><a https://a.example>https://a.example</a></b>'],
  ['(https://a.example/a*b*c).', '(<a https://a.example/a*b*c>https://a.example/a*b*c</a>).'],
  ['[mail](mailto:a@b.example)', '<a mailto:a@b.example>mail</a>'],
])('links: %j', (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  '[x](javascript:alert(1))',
  '[x](JAVASCRIPT:alert)',
  '[x](data:text/html,<b>)',
  '[x](//a.example)',
  '[x](/chats)',
  'javascript:alert(1)',
  '<img src=x onerror=alert(1)>',
])('no way to a script: %j stays text', (text) => {
  expect(shown(text)).toBe(text)
})

test.each([
  ['@anna, hi @Boris.', '<@anna>, hi <@boris>.'],
  ['(@an.na-2)', '(<@an.na-2>)'],
  ['**@anna**', '<b><@anna></b>'],
  ['`@anna`', '<code>@anna</code>'],
])('mentions: %j', (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ['> a\n> **b**\nc', '<q>a\n<b>b</b></q>¶c'],
  ['- a\n- *b*\n\nc', '<ul><li>a,<li><i>b</i></ul>¶c'],
  ['-a\n-', '-a\n-'],
  ['before\n```ts\nlet a = **1**\n```\nafter', 'before¶<pre>let a = **1**</pre>¶after'],
  ['```one```', '<pre>one</pre>'],
  ['a\n\nb', 'a\n\nb'],
  ['```a``` ```b', '<pre>a</pre>¶ ```b'],
])('blocks: %j', (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  '*',
  '**',
  '~~',
  '||',
  '`',
  '```',
  '[',
  '[a](',
  '](',
  '@',
  '@a',
  '> ',
  '- ',
  '\n',
  'h',
  'https://',
  '**a',
  '*a ',
  '(',
  ')',
  'https://a.example)',
  '*a**b',
  '[a](https://',
  '`a``',
])('takes linear time on 300,000 characters of %j', (piece) => {
  const input = piece.repeat(Math.ceil(300_000 / piece.length))
  const started = performance.now()
  parseMarkdown(input)
  expect(performance.now() - started).toBeLessThan(4_000)
})

test('on one line for previews, with spoilers covered', () => {
  expect(plainText('> q\n**a** ||secret||\n- x\n- y\n```\ncode\n```')).toBe('q a ▒▒▒▒ x y code')
})
