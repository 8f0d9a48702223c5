import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type ServedRelay, serveRelay } from './serve.ts'

let relay: ServedRelay | undefined
afterEach(async () => {
  relay?.close()
  await relay?.ended
})

/** Stands in for coturn: writes down how it was started and told, and stops at SIGTERM. */
function makeRelay(script = '') {
  const folder = mkdtempSync(join(tmpdir(), 'beseda-serve-'))
  const diary = join(folder, 'diary')
  const bin = join(folder, 'turnserver')
  const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeFileSync(diary, '')
  writeFileSync(
    bin,
    `#!/bin/sh
trap 'echo new certificate >> ${diary}' USR2
trap 'echo stopped >> ${diary}; exit 0' TERM
cat "$2" >> ${diary}
${script}
while :; do sleep 0.05; done
`,
    { mode: 0o755 },
  )
  relay = serveRelay({
    bin,
    conf: (tls) => (tls ? 'with TLS\n' : 'without TLS\n'),
    certificate,
    folder,
    interval: 20,
    say: () => {},
  })
  const write = (text: string) => {
    for (const file of Object.values(certificate)) writeFileSync(file, text)
  }
  const told = () => readFileSync(diary, 'utf8').trim().split('\n')
  return { relay, folder, told, write }
}

test('begins without a certificate, takes it when it comes, and again when it is renewed', async () => {
  const { relay, folder, told, write } = makeRelay()
  await expect.poll(told).toEqual(['without TLS'])
  write('first')
  await expect.poll(told).toEqual(['without TLS', 'stopped', 'with TLS'])
  write('second')
  await expect.poll(() => told().at(-1)).toBe('new certificate')
  relay.close()
  expect(await relay.ended).toBe(0)
  expect(told().at(-1)).toBe('stopped')
  expect(readdirSync(folder).filter((name) => name.startsWith('relay-'))).toEqual([])
})

test('ends as its relay ends', async () => {
  expect(await makeRelay('exit 3').relay.ended).toBe(3)
})

test('a relay that is not there ends it too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beseda-serve-'))
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  relay = serveRelay({ bin: join(folder, 'none'), conf: () => '', folder, say })
  expect(await relay.ended).toBe(127)
  expect(said.join()).toContain("The relay can't be run")
})
