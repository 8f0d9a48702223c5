import type { Size } from '@beseda/client/calls/wants'
import { expect, test } from 'vitest'
import { createPictures } from './pictures.ts'

const size = (width: number): Size => ({ width, height: width })

function setUp() {
  const wanted: (number | null)[] = []
  const pictures = createPictures((_user, _source, seen) => wanted.push(seen?.width ?? null))
  return { pictures, wanted }
}

test('the largest element that shows a picture counts', () => {
  const { pictures, wanted } = setUp()
  const tile = pictures.add('anna', 'camera')
  const stage = pictures.add('anna', 'camera')
  tile(size(200))
  stage(size(900))
  tile(size(100))
  stage(null)
  tile(null)
  expect(wanted).toEqual([200, 900, 900, 100, null])
})

test('a picture that moves from one element to another stays wanted', () => {
  const { pictures, wanted } = setUp()
  const before = pictures.add('anna', 'camera')
  before(size(300))
  const after = pictures.add('anna', 'camera')
  after(size(300))
  before(null)
  expect(wanted).not.toContain(null)
})

test('people and sources are apart', () => {
  const { pictures, wanted } = setUp()
  pictures.add('anna', 'camera')(size(300))
  pictures.add('anna', 'screen')(null)
  pictures.add('boris', 'camera')(size(100))
  expect(wanted).toEqual([300, null, 100])
})
