import { defineConfig } from 'vitest/config'

/** A ceiling for what is waited for, not a measure: a busy machine is slow. */
const patient = { poll: { timeout: 10_000 } }

/** Fast first: `unit` needs the engines, `web` a DOM, `e2e` the whole application and Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: ['{protocol,client,server,sfu,launcher,bench}/src/**/*.test.ts'],
          globalSetup: ['launcher/src/testing/services.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          expect: patient,
          include: ['web/src/**/*.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'e2e',
          expect: patient,
          include: ['web/e2e/**/*.test.ts'],
          globalSetup: ['launcher/src/testing/browser.ts'],
          // After the others and one file at a time: a call takes the whole machine.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
