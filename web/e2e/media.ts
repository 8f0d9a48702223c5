import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Person } from './people.ts'

/** What one participant's tile shows and sounds, as measured in the page of another. */
export type Perceived = {
  /** Frames that came to be shown while it was watched. */
  frames: number
  /** Mean brightness of the brightest picture seen, 0 to 255. */
  brightness: number
  /** How much the pixels of the richest picture differ, 0 for a plain one. */
  contrast: number
  /** Loudest sample, 0 to 1. */
  loudness: number
}

/** Watch and listen to the tile of a user for a while, in the page of somebody else. */
export function perceive(page: Page, userId: string, ms = 1_500): Promise<Perceived> {
  return page.evaluate(watchTile, { userId, ms })
}

/** A moving picture that is neither dark nor plain comes to be shown of a user, and sound to be heard. */
export async function expectPerceived(
  { page }: Person,
  userId: string,
  what: string,
  timeout = 20_000,
): Promise<void> {
  await expect
    .poll(
      async () => {
        const { frames, brightness, contrast, loudness } = await perceive(page, userId)
        return {
          moves: frames > 5,
          light: brightness > 20,
          rich: contrast > 5,
          sounds: loudness > 0.01,
        }
      },
      { message: what, timeout },
    )
    .toEqual({ moves: true, light: true, rich: true, sounds: true })
}

/** Runs in the page. Elements are looked up again and again: a tile may be drawn anew meanwhile. */
async function watchTile({ userId, ms }: { userId: string; ms: number }): Promise<Perceived> {
  const canvas = new OffscreenCanvas(64, 36)
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  const samples = new Float32Array(2048)
  const seen: Perceived = { frames: 0, brightness: 0, contrast: 0, loudness: 0 }
  const shownBefore = new Map<HTMLVideoElement, number>()
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: samples.length })
  let heard: MediaStream | null = null

  const listen = () => {
    const sound = document.querySelector<HTMLAudioElement>(`audio[data-user-id="${userId}"]`)
    if (sound?.srcObject instanceof MediaStream && sound.srcObject !== heard) {
      heard = sound.srcObject
      context.createMediaStreamSource(heard).connect(analyser)
    }
    analyser.getFloatTimeDomainData(samples)
    for (const sample of samples) seen.loudness = Math.max(seen.loudness, Math.abs(sample))
  }
  const watch = () => {
    const video = document.querySelector<HTMLVideoElement>(
      `video[data-user-id="${userId}"][data-source="camera"]`,
    )
    if (!video || !pen) return
    const shown = video.getVideoPlaybackQuality().totalVideoFrames
    seen.frames += shown - (shownBefore.get(video) ?? shown)
    shownBefore.set(video, shown)
    pen.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height)
    const grey: number[] = []
    for (let at = 0; at < data.length; at += 4) {
      grey.push(((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3)
    }
    const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length
    const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length
    seen.brightness = Math.max(seen.brightness, mean)
    seen.contrast = Math.max(seen.contrast, Math.sqrt(variance))
  }

  const end = performance.now() + ms
  for (let turn = 0; performance.now() < end; turn++) {
    listen()
    if (turn % 10 === 0) watch()
    await new Promise((next) => setTimeout(next, 20))
  }
  watch()
  await context.close()
  return seen
}
