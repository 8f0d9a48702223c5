import {
  fileParamsSchema,
  fileQuerySchema,
  type UploadPurpose,
  uploadQuerySchema,
} from '@beseda/protocol/files'
import { limits } from '@beseda/protocol/limits'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { filesCookie } from '../auth/cookies.ts'
import { bearerToken, type makeAuthHook } from '../auth/hook.ts'
import type { Tokens } from '../auth/tokens.ts'
import { refuse } from '../errors.ts'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { getReadableFile } from './access.ts'
import { makeImages } from './images.ts'
import { receiveFile } from './receive.ts'
import { serveFile } from './serve.ts'
import { storeUpload } from './upload.ts'

type Deps = Services & { tokens: Tokens; authenticate: ReturnType<typeof makeAuthHook> }

/** Routes of uploaded files. Reading also takes the cookie, which `<img>` sends by itself. */
export async function fileRoutes(app: App, deps: Deps) {
  const { db, folder, rules, tokens, authenticate, openSessions } = deps
  const images = makeImages()
  const bytesMax = async (purpose: UploadPurpose) =>
    purpose === 'avatar'
      ? limits.avatarBytesMax
      : (await rules.read(db)).limits.fileMegabytes * 2 ** 20
  await app.register(multipart, { limits: { files: 1, fields: 10, parts: 11 } })

  app.post(
    '/files',
    {
      schema: { querystring: uploadQuerySchema },
      onRequest: authenticate,
      config: routeLimits.uploads,
    },
    async (request, reply) => {
      const { purpose } = request.query
      const upload = { ownerId: request.user.sub, purpose }
      const max = await bytesMax(purpose)
      const stored = await storeUpload({ db, folder, images }, upload, (path) =>
        receiveFile(request, path, max),
      )
      return reply.code(201).send(stored)
    },
  )

  async function authenticateReader(request: FastifyRequest) {
    const cookie = request.cookies[filesCookie]
    if (bearerToken(request) !== undefined) return authenticate(request)
    if (cookie === undefined) throw refuse('UNAUTHORIZED', 'Sign in first.')
    request.user = tokens.readFiles(cookie)
    await openSessions.require(request.user)
  }

  app.get(
    '/files/:fileId',
    {
      schema: { params: fileParamsSchema, querystring: fileQuerySchema },
      onRequest: authenticateReader,
      config: routeLimits.downloads,
    },
    async (request, reply) => {
      const file = await getReadableFile(db, request.params.fileId, request.user.sub)
      return serveFile(folder, file, request.query, request, reply)
    },
  )
}
