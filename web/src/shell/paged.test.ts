import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import { createPaged } from './paged.ts'

const settled = () => new Promise((done) => setTimeout(done))

test('a page that failed is asked for again behind those that are there', () =>
  createRoot(async (dispose) => {
    let broken = false
    const asked: (string | undefined)[] = []
    const list = createPaged(async (cursor) => {
      asked.push(cursor)
      if (broken) throw new Error('away')
      return cursor ? { items: [2], nextCursor: null } : { items: [1], nextCursor: 'next' }
    })
    list.reload()
    await settled()
    broken = true
    list.more()
    await settled()
    expect(list.state()).toMatchObject({ status: 'failed', items: [1], cursor: 'next' })
    broken = false
    list.retry()
    await settled()
    expect(list.state()).toMatchObject({ status: 'done', items: [1, 2], cursor: null })
    expect(asked).toEqual([undefined, 'next', 'next'])
    dispose()
  }))
