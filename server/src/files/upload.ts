import type { StoredFile, UploadPurpose } from '@beseda/protocol/files'
import { v7 } from 'uuid'
import type { Database } from '../db/database.ts'
import { classify } from './classify.ts'
import type { FileFolder } from './folder.ts'
import type { Images } from './images.ts'
import { cleanName } from './name.ts'
import type { Received } from './receive.ts'
import type { FileRow } from './schema.ts'
import { sniff } from './sniff.ts'
import { insertFile, toStoredFile } from './store.ts'

type Deps = { db: Database; folder: FileFolder; images: Images }
type Parts = Awaited<ReturnType<FileFolder['begin']>>
type Content = Pick<
  FileRow,
  'name' | 'kind' | 'mimeType' | 'size' | 'width' | 'height' | 'hasThumbnail'
>

/**
 * Take an upload in and keep what is made of it. Whatever goes wrong, nothing
 * of it stays on the disk.
 *
 * @param receive writes the upload to the path that it is given
 * @throws Refusal FILE_TYPE, IMAGE_TOO_LARGE, and what `receive` throws
 */
export async function storeUpload(
  { db, folder, images }: Deps,
  { ownerId, purpose }: { ownerId: string; purpose: UploadPurpose },
  receive: (path: string) => Promise<Received>,
): Promise<StoredFile> {
  const id = v7()
  try {
    const parts = await folder.begin(id)
    const received = await receive(parts.upload)
    const content =
      purpose === 'avatar'
        ? await prepareAvatar(images, parts, received)
        : await prepareAttachment(images, parts, received)
    await folder.keep(id, content.kind === 'image' ? 'original' : 'upload', 'original')
    if (content.hasThumbnail) await folder.keep(id, 'thumbnail', 'thumbnail')
    await folder.clear(id)
    const row = { id, ownerId, purpose, createdAt: new Date(), ...content }
    await insertFile(db, row)
    return toStoredFile(row)
  } catch (error) {
    await folder.remove([id])
    throw error
  }
}

async function prepareAvatar(images: Images, parts: Parts, { name }: Received): Promise<Content> {
  const image = await images.avatar(parts.upload, parts.original)
  const type = { kind: 'image' as const, mimeType: 'image/webp' }
  return { name: cleanName(name), ...type, ...image, hasThumbnail: false }
}

async function prepareAttachment(
  images: Images,
  parts: Parts,
  { declaredType, size, ...received }: Received,
): Promise<Content> {
  const name = cleanName(received.name)
  const sniffedType = await sniff(parts.upload)
  const { kind, mimeType } = classify({ name, declaredType, sniffedType })
  if (kind !== 'image') {
    return { name, kind, mimeType, size, width: null, height: null, hasThumbnail: false }
  }
  const { original, thumbnail } = parts
  const image = await images.attachment(parts.upload, mimeType, { image: original, thumbnail })
  return { name, kind, mimeType, ...image, hasThumbnail: true }
}
