import { expect, test } from 'vitest'
import { highlight, highlightedExcerpt, type Piece } from './highlight.ts'

const marked = (pieces: Piece[]) =>
  pieces.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')

test.each([
  ['The better word', 'bett', 'The [better] word'],
  ['Книгами полна полка', 'книга', '[Книгами] полна полка'],
  ['she was running late', 'run', 'she was [running] late'],
  ['Ёлка и ёлки', 'елка', '[Ёлка] и [ёлки]'],
  ['one two three', 'three one', '[one] two [three]'],
  ['nothing here', 'zebra', 'nothing here'],
  ['I am in', 'am', 'I [am] in'],
  ['', 'am', ''],
  ['see https://example.org/am', '(am)', 'see https://example.org/[am]'],
])('%j searched for %j', (text, query, expected) => {
  expect(marked(highlight(text, query))).toBe(expected)
})

test('nothing of the text is lost', () => {
  const text = 'a «b» — c… 👍🏽 d\n\ne'
  expect(
    highlight(text, 'b d')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text)
})

test('a hit far in the text is brought to the front', () => {
  const text = `${'word '.repeat(40)}needle in the hay`
  expect(marked(highlightedExcerpt(text, 'needle'))).toBe(
    '…word word word word [needle] in the hay',
  )
  expect(marked(highlightedExcerpt('a needle', 'needle'))).toBe('a [needle]')
  expect(marked(highlightedExcerpt(text, 'absent'))).toBe(text)
})
