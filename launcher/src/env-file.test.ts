import { parseEnv } from 'node:util'
import { composeSettings, settings } from '@beseda/protocol/settings'
import { expect, test } from 'vitest'
import { envFile } from './env-file.ts'

test('names every setting, and sets those that are given', () => {
  const text = envFile(['Written by a test.'], { PORT: '8080', DOMAIN: 'chat.example' })
  expect(text).toMatch(/^# Written by a test\.\n\n## Beseda\n/)
  expect(text).toContain('\n# port the server listens on (default: `3000`)\nPORT=8080\n')
  expect(parseEnv(text)).toEqual({ PORT: '8080', DOMAIN: 'chat.example' })
  for (const name of Object.keys({ ...settings, ...composeSettings })) {
    expect(text, name).toMatch(new RegExp(`^#?${name}=`, 'm'))
  }
})

test.each(['a b', 'a#b', "a'b", 'a"b', 'a$b', 'a\\b', 'a\nb'])(
  'refuses %j, which not everybody reads alike',
  (value) => {
    expect(() => envFile([], { TURN_SECRET: value })).toThrow(/^TURN_SECRET holds characters/)
  },
)
