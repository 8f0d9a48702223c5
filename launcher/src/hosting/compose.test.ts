import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeSettings, type SettingName, settings } from '@beseda/protocol/settings'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { rootDir } from '../root.ts'
import { settingsFor } from '../setup/answers.ts'

const read = (path: string) => readFileSync(join(rootDir, path), 'utf8')
const text = read('docker-compose.yml')
const document: unknown = parse(text, { merge: true })
const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        build: z.object({ target: z.string() }).optional(),
        pull_policy: z.string().optional(),
        user: z.string().optional(),
        restart: z.string().optional(),
        init: z.boolean().optional(),
        read_only: z.boolean().optional(),
        cap_drop: z.array(z.string()).optional(),
        cap_add: z.array(z.string()).default([]),
        security_opt: z.array(z.string()).optional(),
        privileged: z.boolean().optional(),
        healthcheck: z.object({ test: z.array(z.string()) }).optional(),
        environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
        ports: z.array(z.string()).default([]),
        volumes: z.array(z.string()).default([]),
        depends_on: z.record(z.string(), z.unknown()).default({}),
        tmpfs: z.array(z.string()).default([]),
        networks: z.array(z.string()).optional(),
        profiles: z.array(z.string()).default([]),
      }),
    ),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(document)
const services = Object.entries(compose.services)
/** The stage of the Dockerfile that an image of ours is, by the image's name. */
const targets = new Map(
  services.flatMap(([, { image, build }]) => (build ? [[image, build.target] as const] : [])),
)
const dockerfile = read('Dockerfile')
/** What each stage of the Dockerfile says, by its name. */
const stages = new Map(
  dockerfile
    .split(/^(?=FROM )/m)
    .map((stage) => [/^FROM \S+ AS (\w+)/.exec(stage)?.[1] ?? '', stage] as const),
)

test('docker-compose.yml is a Compose file', () => {
  const { $schema: _, ...schema } = JSON.parse(
    read('launcher/vendor/compose-spec/compose-spec.json'),
  )
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(
    schema,
  )
  validate(document)
  expect(validate.errors ?? []).toEqual([])
})

describe.each(services)('service %s', (_name, service) => {
  test('comes back by itself and tells whether it is well', () => {
    expect(service.restart).toBe('unless-stopped')
    expect(service.healthcheck?.test.length).toBeGreaterThan(1)
  })

  test('can write nothing but its volumes and gain no rights', () => {
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.cap_add.filter((name) => name !== 'NET_BIND_SERVICE')).toEqual([])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.privileged).toBeUndefined()
  })

  test('is not root', () => {
    const target = targets.get(service.image)
    const user = target ? /^USER (\S+)$/m.exec(stages.get(target) ?? '')?.[1] : service.user
    expect(user).toMatch(/^(?!root|0(:|$))\w/)
  })

  test('may write where it is given memory to write to', () => {
    const own = service.tmpfs.filter((folder) => folder !== '/tmp')
    // That image's folder is open to everybody, and the tmpfs over it takes the same mode.
    if (service.image.startsWith('postgres:')) expect(own).toEqual(['/run/postgresql'])
    else for (const folder of own) expect(folder).toMatch(/:uid=1000,gid=1000,mode=700$/)
  })

  test('is an exact version, or built here', () => {
    if (targets.has(service.image)) expect(service.image).toMatch(/^beseda\S*:local$/)
    else expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$/)
  })

  test('mounts what is there', () => {
    for (const [from = ''] of service.volumes.map((volume) => volume.split(':'))) {
      if (from.startsWith('./')) expect(existsSync(join(rootDir, from)), from).toBe(true)
      else expect(compose.volumes, from).toHaveProperty(from)
    }
  })
})

test('an image of ours is built by one service of those that run together, and never pulled', () => {
  for (const image of targets.keys()) {
    const users = services.filter(([, service]) => service.image === image)
    const builders = users.filter(([, { build }]) => build)
    // Services without a profile always run.
    const profiles = builders.flatMap(([, { profiles }]) => (profiles.length ? profiles : ['']))
    expect(builders.length === 1 || !profiles.includes(''), image).toBe(true)
    expect(new Set(profiles).size, image).toBe(profiles.length)
    for (const [name, { build, pull_policy }] of users) {
      expect(build ? undefined : 'never', name).toBe(pull_policy)
    }
  }
})

test('what is ours stops at once also while it starts', () => {
  const ours = services.filter(([, { image }]) => image === 'beseda:local')
  expect(ours.map(([, { init }]) => init)).toEqual(ours.map(() => true))
  expect(ours.length).toBeGreaterThan(1)
})

test('databases have no port outside and no way out', () => {
  expect(compose.networks.data?.internal).toBe(true)
  for (const name of ['postgres', 'valkey']) {
    expect(compose.services[name]?.networks).toEqual(['data'])
    expect(compose.services[name]?.ports).toEqual([])
  }
})

test('the way in is not replaced with what stands behind it', () => {
  // Compose stops what depends on a service for as long as that is replaced.
  for (const name of ['caddy', 'gateway']) expect(compose.services[name]?.depends_on).toEqual({})
})

test('what is published is the way in and media; the rest is of this machine alone', () => {
  const published = services.flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`))
  expect(published.filter((port) => !port.includes(' 127.0.0.1:'))).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
    'sfu ${SFU_MEDIA_PORTS:-40000}:${SFU_MEDIA_PORTS:-40000}/udp',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
    'sfu ${SFU_MEDIA_PORTS:-40000}:${SFU_MEDIA_PORTS:-40000}/tcp',
    'caddy 80:80/tcp',
    'caddy 443:443/tcp',
    'caddy 443:443/udp',
  ])
})

test('every variable is a setting, and what is required is what setup writes', () => {
  const answers = {
    domain: 'chat.example.org',
    email: 'a@example.org',
    address: ['203.0.113.7'],
    registration: 'invite',
    behindProxy: false,
    monitoring: false,
    workers: 2,
  } as const
  const written = settingsFor({ ...answers, address: [...answers.address] })
  // A $ that is doubled is the shell's.
  const used = [...text.matchAll(/(?<!\$)\$\{(\w+)(:\?)?/g)]
  expect(used.length).toBeGreaterThan(20)
  for (const [, name = '', required] of used) {
    expect({ ...settings, ...composeSettings }).toHaveProperty(name)
    if (required) expect(written).toHaveProperty(name)
  }
})

test('every setting reaches somebody, or has its reason not to', () => {
  const elsewhere: readonly SettingName[] = [
    // The image's.
    ...(['NODE_ENV', 'DATA_DIR', 'MEDIASOUP_WORKER_BIN'] as const),
    // Another way to say REDIS_HOST; the port is the usual one.
    ...(['REDIS_URL', 'REDIS_PORT'] as const),
    // Refused in production.
    'RATE_LIMITS',
  ]
  const passed = new Set(services.flatMap(([, { environment }]) => Object.keys(environment)))
  const missing = Object.keys(settings).filter((name) => !passed.has(name))
  expect(missing.sort()).toEqual([...elsewhere].sort())
  const image = stages.get('beseda')
  for (const name of elsewhere.slice(0, 3)) expect(image).toContain(`${name}=`)
})

test('a service knows the secrets that it needs and no other', () => {
  const secrets = Object.entries({ ...settings, ...composeSettings })
    .filter(([, setting]) => 'secret' in setting)
    .map(([name]) => name)
  const knows = (name: string) => {
    const { environment } = compose.services[name] ?? { environment: {} }
    return secrets.filter((secret) =>
      Object.values(environment).some((value) => `${value}`.includes(`\${${secret}`)),
    )
  }
  expect(knows('postgres')).toEqual(['POSTGRES_PASSWORD'])
  expect(knows('valkey')).toEqual(['REDIS_PASSWORD'])
  expect(knows('sfu')).toEqual(['REDIS_PASSWORD', 'CALL_TOKEN_SECRET'])
  expect(knows('relay')).toEqual(['TURN_SECRET', 'TURN_PASSWORD'])
  expect(knows('caddy')).toEqual([])
})

describe('the Dockerfile', () => {
  const manifest = z
    .object({ packageManager: z.string(), devDependencies: z.object({ node: z.string() }) })
    .parse(JSON.parse(read('package.json')))

  test('stands on exact versions, those of the repository', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)
    for (const image of bases) {
      expect(image).toMatch(/^(base|[\w/-]+:\d+\.\d+\.\d+-[\w-]+)$/)
    }
    expect(bases).toContain(`node:${manifest.devDependencies.node}-bookworm-slim`)
    expect(dockerfile).toContain(`npm install --global ${manifest.packageManager}\n`)
  })

  test('knows every package of the workspace', () => {
    const { packages } = z
      .object({ packages: z.array(z.string()) })
      .parse(parse(read('pnpm-workspace.yaml')))
    for (const folder of packages) {
      expect(stages.get('packages')).toContain(`COPY ${folder}/package.json ${folder}/\n`)
    }
  })

  test.each(['launcher', 'server', 'sfu'])('has every package that %s runs with', (folder) => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read(`${folder}/package.json`)))
    const exclude = ['**/testing/**', '**/fixtures/**', '**/*.test.ts']
    const files = globSync(`${folder}/src/**/*.ts`, { cwd: rootDir, exclude })
    expect(files.length).toBeGreaterThan(20)
    for (const file of files) {
      const imports = read(file).matchAll(
        /^(?:import|\} from|export .* from).*'((?:@[\w-]+\/)?[\w-]+)/gm,
      )
      for (const [line, name = ''] of imports) {
        if (line.startsWith('import type') || line.endsWith("'node")) continue
        expect(dependencies, `${file}: ${line}`).toHaveProperty([name])
      }
    }
  })

  test('leaves secrets and data out of the image', () => {
    const ignored = read('.dockerignore').split('\n')
    for (const path of ['.env', 'data', '.git', '**/node_modules']) expect(ignored).toContain(path)
  })
})

test('the way in sends signalling to the SFU and keeps metrics inside', () => {
  expect(globSync('deploy/caddy/*.caddy', { cwd: rootDir }).sort()).toEqual([
    'deploy/caddy/proxy.caddy',
    'deploy/caddy/routes.caddy',
    'deploy/caddy/tls.caddy',
  ])
  const routes = read('deploy/caddy/routes.caddy')
  expect(routes).toMatch(/handle \/signalling \{\n\treverse_proxy \{\$SFU_UPSTREAM:/)
  expect(routes).toMatch(/handle \/metrics \{\n\trespond 404\n\}/)
  for (const site of ['tls', 'proxy']) {
    expect(read(`deploy/caddy/${site}.caddy`)).toContain('\timport routes.caddy\n')
  }
})
