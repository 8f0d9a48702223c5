import type { Source } from '@beseda/protocol/media'
import type { Signalling } from './signalling.ts'
import { layerFor, type Size, type WantedLayer } from './wants.ts'

/** Somebody's picture, opened here. */
type View = {
  key: string
  source: Source
  /** What the SFU was told last; undefined while it forwards the best it can. */
  told: WantedLayer | undefined
}

/** How long a picture must be smaller or unseen before the SFU is told, in ms: scrolling by is not leaving. */
const fallAfterMs = 300
/** How long a screen has to say that it shows a picture, in ms. */
const unclaimedMs = 1_000

type Timer = ReturnType<typeof setTimeout>

export type Viewing = ReturnType<typeof createViewing>

/**
 * Tells the SFU which of the others' pictures are looked at and how large they
 * are. Until the first `want` all are forwarded as well as can be: whoever
 * shows nothing, as a bot, never says anything. From then on a picture that
 * nobody claims is paused.
 */
export function createViewing({ request }: Pick<Signalling, 'request'>) {
  const wants = new Map<string, Size | null>()
  const views = new Map<string, View>()
  /** Consumers of which less is wanted, until the SFU is told. */
  const falling = new Map<string, Timer>()
  /** Consumers that no screen has claimed yet. */
  const unclaimed = new Map<string, Timer>()
  let watching = true
  let asked = false

  function desired({ key, source, told }: View): WantedLayer | undefined {
    const want = wants.get(key)
    // The sound of a screen goes on while nobody looks.
    if ((!watching && source !== 'screenAudio') || want === null) return null
    // A screen has one layer, and has to be sharp.
    if (want === undefined || source !== 'camera') return undefined
    return layerFor(want, told ?? null)
  }

  function tell(consumerId: string, view: View) {
    clear(falling, consumerId)
    const before = view.told
    view.told = desired(view)
    if (view.told !== before) say(consumerId, view.told, before === null)
  }

  /** What is refused or lost here is said again after a reconnect. */
  function say(consumerId: string, layer: WantedLayer | undefined, start: boolean) {
    const sent: Promise<unknown>[] = []
    if (layer === null) sent.push(request('pauseConsumer', { consumerId }))
    else if (layer !== undefined) {
      sent.push(request('setPreferredLayers', { consumerId, spatialLayer: layer }))
    }
    if (layer !== null && start) {
      sent.push(request('resumeConsumers', { consumerIds: [consumerId] }))
    }
    for (const one of sent) one.catch(() => {})
  }

  /** Nobody has said in time that they show this picture. */
  function leaveOut(consumerId: string, view: View) {
    if (!asked || wants.has(view.key)) return
    wants.set(view.key, null)
    tell(consumerId, view)
  }

  function refresh(consumerId: string, view: View) {
    if (rank(desired(view)) >= rank(view.told)) return tell(consumerId, view)
    if (falling.has(consumerId)) return
    falling.set(
      consumerId,
      setTimeout(() => tell(consumerId, view), fallAfterMs),
    )
  }

  return {
    /** The consumer of a picture was opened, paused. Returns whether it is to be started. */
    open({ id, userId, source }: { id: string; userId: string; source: Source }): boolean {
      const view: View = { key: keyOf(userId, source), source, told: undefined }
      views.set(id, view)
      view.told = desired(view)
      if (view.told !== null) say(id, view.told, false)
      if (!wants.has(view.key)) {
        unclaimed.set(
          id,
          setTimeout(() => leaveOut(id, view), unclaimedMs),
        )
      }
      return view.told !== null
    },
    close(consumerId: string) {
      clear(falling, consumerId)
      clear(unclaimed, consumerId)
      views.delete(consumerId)
    },
    /** A picture is shown at this size, in device pixels; null while nobody can see it. */
    want(userId: string, source: Source, size: Size | null) {
      asked = true
      const key = keyOf(userId, source)
      wants.set(key, size)
      for (const [id, view] of views) if (view.key === key) refresh(id, view)
    },
    /** Whether anything of the call is looked at. */
    setWatching(next: boolean) {
      watching = next
      for (const [id, view] of views) tell(id, view)
    },
    /** Say everything again: the socket may have lost the last words. */
    retell() {
      for (const [id, view] of views) {
        view.told = desired(view)
        say(id, view.told, true)
      }
    },
  }
}

function clear(timers: Map<string, Timer>, consumerId: string) {
  clearTimeout(timers.get(consumerId))
  timers.delete(consumerId)
}

const keyOf = (userId: string, source: Source) => `${userId} ${source}`

/** Paused is less than any layer; the best there is is no less than the third. */
function rank(layer: WantedLayer | undefined): number {
  return layer === undefined ? 2 : (layer ?? -1)
}
