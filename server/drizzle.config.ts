import { defineConfig } from 'drizzle-kit'

/** `pnpm generate` here writes what changed in the schema files as the next SQL migration. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/schema.ts',
  out: '../migrations',
})
