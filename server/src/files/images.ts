import { limits } from '@beseda/protocol/limits'
import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp'
import { refuse } from '../errors.ts'
import { makeTurns } from './turns.ts'

/** The side of the square that an avatar is made to fit, in pixels. */
const avatarSide = 512
const thumbnailSide = 640

/** Images worked on at once; each takes a thread of the pool that also hashes passwords. */
const atOnce = 2
/** Seconds that one image may take, waiting for its turn aside. */
const secondsMax = 60

const mediaTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const
type ImageType = (typeof mediaTypes)[number]

/** An image as it was written; width and height of one frame, in pixels. */
export type WrittenImage = { width: number; height: number; size: number }

/** Makes uploaded images safe: decoded, turned upright, written anew without what a camera noted. */
export type Images = ReturnType<typeof makeImages>

/** Every function reads and writes files; only so many images are worked on at a time. */
export function makeImages() {
  // Uploads are read once: nothing is gained by keeping them open and decoded.
  sharp.cache(false)
  const takeTurn = makeTurns(atOnce)

  return {
    /**
     * Write a small square-bound WebP of the image, of its first frame.
     *
     * @throws Refusal FILE_TYPE, IMAGE_TOO_LARGE
     */
    avatar: (from: string, to: string): Promise<WrittenImage> =>
      takeTurn(async () => {
        await examine(from)
        return written(await work(open(from), shrink(avatarSide, 82), to))
      }),

    /**
     * Write the image anew in its own format, animation kept, and a WebP
     * thumbnail of its first frame.
     *
     * @throws Refusal FILE_TYPE, IMAGE_TOO_LARGE
     */
    attachment: (
      from: string,
      mediaType: string,
      to: { image: string; thumbnail: string },
    ): Promise<WrittenImage> =>
      takeTurn(async () => {
        const seen = await examine(from)
        if (seen.mediaType !== mediaType) throw unreadable()
        const animated = framesOf(seen) > 1
        // A stack of frames can't be turned as one image, and no camera takes animations.
        const info = await work(open(from, animated), encode(seen, !animated), to.image)
        await work(open(from), shrink(thumbnailSide, 80), to.thumbnail)
        return written(info, framesOf(seen))
      }),
  }
}

/** Read what the image says of itself, before anything of it is decoded. */
async function examine(path: string): Promise<Metadata & { mediaType: ImageType }> {
  const seen = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw unreadable()
    })
  const mediaType = mediaTypes.find((type) => type === seen.mediaType)
  if (!mediaType) throw unreadable()
  if (seen.width * seen.height * framesOf(seen) > limits.imagePixelsMax) {
    throw refuse('IMAGE_TOO_LARGE', 'The image has too many pixels, counted over all its frames.')
  }
  return { ...seen, mediaType }
}

const framesOf = ({ pages = 1 }: Metadata) => pages

const open = (path: string, animated = false) =>
  sharp(path, { animated, limitInputPixels: limits.imagePixelsMax, failOn: 'error' }).timeout({
    seconds: secondsMax,
  })

type Step = (image: Sharp) => Sharp

function shrink(side: number, quality: number): Step {
  return (image) =>
    image
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality })
}

function encode(
  { mediaType, isPalette }: Metadata & { mediaType: ImageType },
  turn: boolean,
): Step {
  const write: Record<ImageType, Step> = {
    'image/jpeg': (image) => image.jpeg({ quality: 90 }),
    'image/png': (image) => image.png({ palette: isPalette === true }),
    // Little effort: people wait for it, and the largest images take seconds as it is.
    'image/webp': (image) => image.webp({ quality: 88, effort: 2 }),
    'image/gif': (image) => image.gif({ effort: 3 }),
    'image/avif': (image) => image.avif({ quality: 60, effort: 0 }),
  }
  return (image) => write[mediaType](turn ? image.autoOrient() : image)
}

async function work(image: Sharp, step: Step, to: string) {
  try {
    return await step(image).toFile(to)
  } catch (error) {
    if (error instanceof Error && error.message.includes('timeout')) {
      throw refuse('IMAGE_TOO_LARGE', 'The image takes too long to prepare.')
    }
    throw unreadable()
  }
}

function written(info: OutputInfo, frames = 1): WrittenImage {
  return { width: info.width, height: Math.round(info.height / frames), size: info.size }
}

function unreadable() {
  return refuse('FILE_TYPE', 'This is not an image that can be read (JPEG, PNG, WebP, GIF, AVIF).')
}
