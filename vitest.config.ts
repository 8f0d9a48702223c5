import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** A ceiling for what is waited for, not a measure: a busy machine is slow. */
const patient = { poll: { timeout: 10_000 } }

/** Vitest leaves a core free, which on two cores is half of the machine. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

/** The journeys that send sound and pictures. */
const calls = 'web/e2e/{*call*,*network*,layers,reconnect,ringing}.test.ts'
const journeys = {
  expect: patient,
  globalSetup: ['launcher/src/testing/browser.ts', 'web/e2e/first-start.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

/**
 * Fast first: `unit` needs the engines, `web` nothing, `pages` and `calls` the whole
 * application and Chromium.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers,
          expect: patient,
          include: ['{protocol,client,server,sfu,launcher,bench,bots}/src/**/*.test.ts'],
          globalSetup: ['launcher/src/testing/services.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          maxWorkers,
          expect: patient,
          include: ['web/src/**/*.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          ...journeys,
          name: 'pages',
          maxWorkers,
          include: ['web/e2e/**/*.test.ts'],
          exclude: [calls],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...journeys,
          name: 'calls',
          include: [calls],
          // One file at a time: a call takes the whole machine.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
