import { expect, test } from 'vitest'
import { anna, boris, message } from '../gallery/fixtures.ts'
import { type Row, toRows } from './rows.ts'

const at = (day: number, hour: number, minute = 0) =>
  new Date(2026, 2, day, hour, minute).toISOString()
const text = (seq: number, sender: typeof anna, createdAt: string) =>
  message({ id: `m${seq}`, seq, sender, createdAt, clientId: `c${seq}` })

const show = (row: Row) =>
  row.kind === 'message'
    ? `${row.key}${row.own ? ' own' : ''}${row.first ? ' first' : ''}${row.last ? ' last' : ''}`
    : row.kind
const shown = (input: Partial<Parameters<typeof toRows>[0]>) =>
  toRows({ messages: [], pending: [], self: anna, unreadAfter: null, ...input }).map(show)

test('messages of one sender run together, until another speaks or five minutes pass', () => {
  const messages = [
    text(1, boris, at(10, 9, 0)),
    text(2, boris, at(10, 9, 4)),
    text(3, anna, at(10, 9, 4)),
    text(4, boris, at(10, 9, 5)),
    text(5, boris, at(10, 9, 10)),
  ]
  expect(shown({ messages })).toEqual([
    'day',
    'm1 first',
    'm2 last',
    'c3 own first last',
    'm4 first last',
    'm5 first last',
  ])
})

test('a new day has a heading and breaks the run', () => {
  const messages = [text(1, boris, at(10, 23, 59)), text(2, boris, at(11, 0, 1))]
  expect(shown({ messages })).toEqual(['day', 'm1 first last', 'day', 'm2 first last'])
})

test('a system message stands alone', () => {
  const system = message({
    seq: 2,
    createdAt: at(10, 9, 1),
    sender: null,
    system: { event: 'chat.created', actor: boris, name: 'x' },
  })
  const messages = [text(1, boris, at(10, 9, 0)), system, text(3, boris, at(10, 9, 2))]
  expect(shown({ messages })).toEqual(['day', 'm1 first last', 'system', 'm3 first last'])
})

test('the unread line stands before the first unread message of somebody else', () => {
  const messages = [text(1, boris, at(10, 9)), text(2, anna, at(10, 9)), text(3, boris, at(10, 9))]
  expect(shown({ messages, unreadAfter: 1 })).toEqual([
    'day',
    'm1 first last',
    'c2 own first last',
    'unread',
    'm3 first last',
  ])
  expect(shown({ messages: messages.slice(2), unreadAfter: 2 })).toEqual([
    'day',
    'unread',
    'm3 first last',
  ])
  expect(shown({ messages: messages.slice(2), unreadAfter: 1 })).not.toContain('unread')
  expect(shown({ messages, unreadAfter: 3 })).not.toContain('unread')
})

test('a pending message keeps its key when it arrives', () => {
  const pending = {
    clientId: 'c9',
    body: 'x',
    replyTo: null,
    attachments: [],
    createdAt: at(10, 9),
    status: 'sending' as const,
    error: null,
  }
  expect(shown({ pending: [pending] })).toEqual(['day', 'c9 own first last'])
  expect(shown({ messages: [text(9, anna, at(10, 9))] })).toEqual(['day', 'c9 own first last'])
})
