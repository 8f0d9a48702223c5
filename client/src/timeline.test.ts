import type { Message } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { makeMessage, makeRun } from './testing/messages.ts'
import {
  heldMax,
  merge,
  type PendingMessage,
  quoteOf,
  type Run,
  renewed,
  replaceMessage,
  runOf,
  settle,
  withArrived,
  withNewer,
  withOlder,
  withReaction,
} from './timeline.ts'

const seqs = (messages: Message[]) => messages.map(({ seq }) => seq)

test('appends what follows', () => {
  const { messages, gapAfter } = merge(makeRun(1, 3), [makeMessage(4)])
  expect(seqs(messages)).toEqual([1, 2, 3, 4])
  expect(gapAfter).toBeNull()
})

test('takes a message twice once, and the later one wins', () => {
  const edited = { ...makeMessage(2), body: 'edited' }
  const { messages } = merge(makeRun(1, 3), [edited, edited])
  expect(seqs(messages)).toEqual([1, 2, 3])
  expect(messages[1]?.body).toBe('edited')
})

test('puts messages that arrive out of order in order', () => {
  expect(seqs(merge(makeRun(1, 2), [makeMessage(4), makeMessage(3)]).messages)).toEqual([
    1, 2, 3, 4,
  ])
})

test('leaves out what lies beyond a gap and names the gap', () => {
  const { messages, gapAfter } = merge(makeRun(1, 3), [makeMessage(6)])
  expect(seqs(messages)).toEqual([1, 2, 3])
  expect(gapAfter).toBe(3)
})

test('prepends an older page', () => {
  expect(seqs(merge(makeRun(51, 60), makeRun(1, 50)).messages)).toEqual(seqs(makeRun(1, 60)))
})

test('starts an empty run with what arrives', () => {
  const arrived = makeRun(1, 2)
  expect(merge([], arrived)).toEqual({ messages: arrived, gapAfter: null })
  expect(merge([], [])).toEqual({ messages: [], gapAfter: null })
})

const ends = ({ messages, hasOlder, hasNewer }: Run) => ({
  from: messages[0]?.seq,
  to: messages.at(-1)?.seq,
  hasOlder,
  hasNewer,
})

test('a run knows whether the chat goes on beyond its ends', () => {
  expect(ends(runOf(makeRun(11, 20), 20))).toMatchObject({ hasOlder: true, hasNewer: false })
  expect(ends(runOf(makeRun(1, 20), 21))).toMatchObject({ hasOlder: false, hasNewer: true })
  expect(runOf([], 0)).toEqual({ messages: [], hasOlder: false, hasNewer: false })
})

test('who scrolls back for long lets go of the newer end, and who comes down of the older', () => {
  const full = runOf(makeRun(1001, 1000 + heldMax), 1000 + heldMax)
  const back = withOlder(full, makeRun(951, 1000))
  expect(ends(back)).toEqual({ from: 951, to: 950 + heldMax, hasOlder: true, hasNewer: true })
  const down = withNewer(back, makeRun(951 + heldMax, 1000 + heldMax), 1000 + heldMax)
  expect(ends(down)).toEqual({ from: 1001, to: 1000 + heldMax, hasOlder: true, hasNewer: false })
})

test('an answer that comes after the run was replaced changes nothing', () => {
  const run = runOf(makeRun(901, 950), 950)
  expect(withOlder(run, makeRun(1, 50))).toEqual(run)
  expect(withNewer(run, makeRun(101, 150), 950)).toEqual(run)
})

test('the run of a reader who follows is bounded at its older end', () => {
  const full = runOf(makeRun(1, heldMax), heldMax)
  const next = heldMax + 1
  const run = withArrived(full, [makeMessage(next)], { follows: true, head: next })
  expect(ends(run)).toEqual({ from: 2, to: next, hasOlder: true, hasNewer: false })
})

test('a reader who looks at old messages keeps them; the run ends where it is too long', () => {
  const full = runOf(makeRun(1, heldMax), heldMax)
  const arrived = makeRun(heldMax + 1, heldMax * 3)
  const run = withArrived(full, arrived, { follows: false, head: heldMax * 3 })
  expect(ends(run)).toEqual({ from: 1, to: heldMax * 2, hasOlder: false, hasNewer: true })
})

test('a run that ended goes on with what follows it', () => {
  const run = withArrived(runOf(makeRun(1, 3), 4), [makeMessage(4)], { follows: false, head: 4 })
  expect(ends(run)).toEqual({ from: 1, to: 4, hasOlder: false, hasNewer: false })
})

test('the word that a message was written takes back nothing that happened to it since', () => {
  const written = makeMessage(3)
  const liked = { ...written, reactions: [{ emoji: '👍', count: 1, mine: false }] }
  const run = withArrived(runOf([...makeRun(1, 2), liked], 3), [written], {
    follows: true,
    head: 3,
  })
  expect(run.messages[2]).toBe(liked)
})

test('a renewal changes what is held and brings nothing else', () => {
  const edited = { ...makeMessage(2), body: 'edited' }
  const after = renewed(makeRun(2, 3), [makeMessage(1), edited])
  expect(seqs(after)).toEqual([2, 3])
  expect(after[0]).toBe(edited)
})

test('settles the pending messages that have arrived', () => {
  const pending = (clientId: string): PendingMessage => ({
    clientId,
    body: '',
    replyTo: null,
    attachments: [],
    createdAt: '',
    status: 'sending',
    error: null,
  })
  const waiting = [pending('a'), pending('b')]
  expect(settle(waiting, [makeMessage(1, 'a')]).map(({ clientId }) => clientId)).toEqual(['b'])
  expect(settle(waiting, [makeMessage(1, null)])).toBe(waiting)
})

test('an edit reaches the message and the quotes of it, a deletion takes the reactions too', () => {
  const [first, second] = makeRun(1, 2)
  if (!first || !second) throw new Error('no messages')
  const liked = { ...first, reactions: [{ emoji: '👍', count: 2, mine: false }] }
  const reply = { ...second, replyTo: quoteOf(first) }
  const { reactions: _, ...fields } = first
  const edited = replaceMessage([liked, reply], { ...fields, body: 'other words' })
  expect(edited[0]).toMatchObject({ body: 'other words', reactions: liked.reactions })
  expect(edited[1]?.replyTo?.excerpt).toBe('other words')
  const gone = { ...fields, body: '', deletedAt: '2026-01-02T00:00:00.000Z' }
  const [deleted, quoting] = replaceMessage([liked, reply], gone)
  expect(deleted).toMatchObject({ body: '', reactions: [] })
  expect(quoting?.replyTo?.excerpt).toBe('')
})

test('a quote of a message of files alone is emptied with it', () => {
  const [, second] = makeRun(1, 2) as [Message, Message]
  const picture = {
    id: '01900000-0000-7000-8000-000000000000',
    name: 'sea.jpg',
    mimeType: 'image/jpeg',
    kind: 'image' as const,
    size: 1,
    width: 1,
    height: 1,
  }
  const { reactions: _, ...fields } = { ...makeMessage(1), body: '', attachments: [picture] }
  const quoted = { ...fields, reactions: [] }
  const reply = { ...second, replyTo: quoteOf(quoted) }
  expect(reply.replyTo.attachment).toBe('image')
  const gone = { ...fields, attachments: [], deletedAt: '2026-01-02T00:00:00.000Z' }
  expect(replaceMessage([quoted, reply], gone)[1]?.replyTo?.attachment).toBeNull()
})

test('reactions are counted; each counts once however often it is told', () => {
  const thumb = (count: number) => ({ emoji: '👍', on: true, own: false, count })
  const others = withReaction(withReaction(makeMessage(1), thumb(1)), thumb(1))
  expect(others.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }])
  const own = { emoji: '👍', on: true, own: true }
  const both = withReaction(withReaction(others, own), { ...own, count: 2 })
  expect(withReaction(both, own).reactions).toEqual([{ emoji: '👍', count: 2, mine: true }])
  const mineOff = withReaction(both, { ...own, on: false })
  expect(mineOff.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }])
  const off = { ...thumb(0), on: false }
  expect(withReaction(mineOff, off).reactions).toEqual([])
})
