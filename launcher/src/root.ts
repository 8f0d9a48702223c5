import { join } from 'node:path'

/** The root of the repository. */
export const rootDir = join(import.meta.dirname, '..', '..')
