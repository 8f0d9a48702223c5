import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { z } from 'zod'

const addresses = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(
    z
      .array(z.string().refine((part) => isIP(part) !== 0, 'must be IP addresses'))
      .min(1, 'must be an IP address'),
  )

/** What `setup` asks for; each parses what a person typed. */
export const questions = {
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(
      z
        .hostname('must be a name such as chat.example.org')
        .regex(/\.[a-z][a-z\d-]*$/, 'must be a name such as chat.example.org'),
    ),
  email: z.string().trim().pipe(z.email('must be an e-mail address')),
  address: addresses,
  registration: z.enum(['open', 'invite', 'closed'], 'must be open, invite or closed'),
}

/** What a host is set up with. */
export type Answers = {
  domain: string
  email: string
  /** Where browsers send media, best first. */
  address: string[]
  registration: 'open' | 'invite' | 'closed'
  /** TLS is somebody else's: a proxy that the host has already. */
  behindProxy: boolean
  monitoring: boolean
  /** Media workers, one a core. */
  workers: number
}

const firstMediaPort = 40_000

/** The media ports of that many workers, as Docker publishes them: `40000-40003`. */
export function mediaPorts(workers: number): string {
  return workers === 1 ? `${firstMediaPort}` : `${firstMediaPort}-${firstMediaPort + workers - 1}`
}

/** 256 random bits that stand in a URL and in `.env` as they are. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The settings of a host. @param secret makes another secret at each call */
export function settingsFor(answers: Answers, secret = makeSecret): Record<string, string> {
  const { domain, email, address, registration, behindProxy, monitoring, workers } = answers
  const relay = [`turn:${domain}:3478`, `turn:${domain}:3478?transport=tcp`]
  // The relay's certificate is the one that Caddy has.
  if (!behindProxy) relay.push(`turns:${domain}:5349`)
  const profiles = [behindProxy ? 'proxy' : 'tls', 'turn', ...(monitoring ? ['monitoring'] : [])]
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: `https://${domain}`,
    SFU_HOST: '0.0.0.0',
    SFU_PUBLIC_URL: `wss://${domain}`,
    SFU_ANNOUNCED_ADDRESS: address.join(','),
    SFU_WORKERS: `${workers}`,
    REDIS_PASSWORD: secret(),
    JWT_SECRET: secret(),
    CALL_TOKEN_SECRET: secret(),
    TURN_SERVER_URL: relay.join(','),
    TURN_SECRET: secret(),
    REGISTRATION: registration,
    COMPOSE_PROFILES: profiles.join(','),
    DOMAIN: domain,
    TLS_EMAIL: email,
    SFU_MEDIA_PORTS: mediaPorts(workers),
    POSTGRES_PASSWORD: secret(),
    GRAFANA_PASSWORD: secret(),
  }
}

/** What is left to do, for the terminal. */
export function nextSteps({ domain, behindProxy, workers }: Answers): string {
  const ports = [
    ...(behindProxy ? [] : ['80/tcp 443/tcp 443/udp   the page, certificates']),
    `3478/udp 3478/tcp${behindProxy ? '' : ' 5349/tcp'}   the relay (TURN)`,
    `${mediaPorts(workers)}/udp ${mediaPorts(workers)}/tcp   calls`,
  ]
  return [
    'Open these ports in the firewall, the provider’s too:',
    ...ports.map((line) => `  ${line}`),
    `Then run:  docker compose up -d --build --wait   and open  https://${domain}`,
    'Without Docker, or behind a proxy of your own: docs/hosting.md',
  ].join('\n')
}
