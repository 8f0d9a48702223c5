import type { Size } from '@beseda/client/calls/wants'
import type { Source } from '@beseda/protocol/media'
import { createContext, useContext } from 'solid-js'

type Want = (userId: string, source: Source, size: Size | null) => void

/** Where the pictures on the page say how large they are seen. */
export type Pictures = {
  /** One more element that shows a picture; it reports its size, and null when it goes. */
  add(userId: string, source: Source): (size: Size | null) => void
}

/** Put together what is wanted of each picture: the size of the largest element that shows it. */
export function createPictures(want: Want): Pictures {
  const shown = new Map<string, Map<symbol, Size>>()
  return {
    add(userId, source) {
      const key = `${userId} ${source}`
      const element = Symbol(key)
      return (size) => {
        const sizes = shown.get(key) ?? new Map<symbol, Size>()
        shown.set(key, sizes)
        if (size) sizes.set(element, size)
        else sizes.delete(element)
        want(userId, source, largest([...sizes.values()]))
      }
    },
  }
}

function largest(sizes: Size[]): Size | null {
  const [first, ...others] = sizes
  if (!first) return null
  return others.reduce((best, size) => (size.width > best.width ? size : best), first)
}

const Context = createContext<Pictures>(createPictures(() => {}))

/** Gives the pictures below it a call to report to; without one they report to nobody. */
export const PicturesProvider = Context.Provider
export const usePictures = (): Pictures => useContext(Context)
