import { RequestError, type Rest } from '@beseda/client/rest'
import { limits } from '@beseda/protocol/limits'

const pictureTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']

/**
 * Upload a picture; its id.
 *
 * @throws RequestError, also before anything is sent when the file can't be taken
 */
export async function uploadPicture(rest: Rest, file: File): Promise<string> {
  if (!pictureTypes.includes(file.type)) throw new RequestError('FILE_TYPE', file.type)
  if (file.size > limits.avatarBytesMax) throw new RequestError('FILE_TOO_LARGE', file.name)
  return (await rest.uploadFile(file, file.name, { purpose: 'avatar' })).id
}
