import { z } from 'zod'
import { productionProblems } from './production.ts'

/**
 * Every environment variable of Beseda, declared once: what it is, its schema
 * and its default. The types, the README's table and the checks at start all
 * come from here.
 */

const portRange = 'must be a number from 0 to 65535'
const port = z.coerce.number(portRange).int(portRange).min(0, portRange).max(65535, portRange)
const secret = z.string().min(32, 'must be 32 characters or more')
/** RFC 7065: a browser throws on anything else, and every call would fail. */
const turnUrl = /^turns?:([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\?transport=(udp|tcp))?$/i
const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

export type Setting<Schema extends z.ZodType = z.ZodType> = {
  schema: Schema
  /** What the README says of it. */
  doc: string
  /** The default as the README shows it. */
  shown: string
  /** Never printed. */
  secret?: true
}

function setting<Schema extends z.ZodType>(
  schema: Schema,
  shown: string,
  doc: string,
): Setting<Schema> {
  return { schema, shown, doc }
}

function secretSetting<Schema extends z.ZodType>(
  schema: Schema,
  shown: string,
  doc: string,
): Setting<Schema> {
  return { schema, shown, doc, secret: true }
}

export const settings = {
  NODE_ENV: setting(
    z.enum(['development', 'production', 'test']).default('development'),
    '`development`',
    '`production` refuses weak or missing secrets and marks cookies `Secure`',
  ),
  HOST: setting(z.string().default('127.0.0.1'), '`127.0.0.1`', 'address the server listens on'),
  PORT: setting(port.default(3000), '`3000`', 'port the server listens on'),
  PUBLIC_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'from the request',
    'where browsers find the server; the only origin that is allowed',
  ),
  SFU_HOST: setting(
    z.string().default('127.0.0.1'),
    '`127.0.0.1`',
    'address of the SFU’s signalling and media',
  ),
  SFU_PORT: setting(port.default(3001), '`3001`', 'port of the SFU’s signalling'),
  SFU_PUBLIC_URL: setting(
    z.url({ protocol: /^wss?$/ }).optional(),
    'the server’s host name with `SFU_PORT`',
    'where browsers find the SFU’s signalling (`ws:` or `wss:`)',
  ),
  SFU_ANNOUNCED_ADDRESS: setting(
    commaList.optional(),
    'the machine’s addresses',
    'comma-separated public and LAN addresses of media',
  ),
  SFU_RTC_PORT: setting(
    z.coerce.number().int().min(1).max(65000).default(40000),
    '`40000`',
    'media port, UDP and TCP; worker i uses this port + i',
  ),
  SFU_WORKERS: setting(
    z.coerce.number().int().min(1).max(256).optional(),
    'one per core',
    'number of mediasoup workers',
  ),
  SFU_DRAIN_SECONDS: setting(
    z.coerce.number().int().min(0).max(86_400).default(0),
    '`0`',
    'how long calls may go on after SIGTERM while no other SFU can take them',
  ),
  DATA_DIR: setting(
    z.string().default('./data'),
    '`./data`',
    'embedded database, files, secrets and logs',
  ),
  FILE_MAX_MB: setting(
    z.coerce.number().int().min(1).max(2000).default(50),
    '`50`',
    'size of the largest file, in megabytes (2^20 bytes), unless administrators set another',
  ),
  DATABASE_URL: secretSetting(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'embedded',
    'a PostgreSQL server, `postgres://user:password@host/database`',
  ),
  REDIS_URL: secretSetting(
    z.url({ protocol: /^rediss?$/ }).optional(),
    'embedded',
    'a Valkey or Redis server, `redis://:password@host:6379`',
  ),
  REDIS_HOST: setting(z.string().optional(), 'none', 'the same in parts: host'),
  REDIS_PORT: setting(port.default(6379), '`6379`', 'the same in parts: port'),
  REDIS_PASSWORD: secretSetting(z.string().optional(), 'none', 'the same in parts: password'),
  JWT_SECRET: secretSetting(
    secret,
    'made at first start',
    'signs access tokens; required in production, 32 characters or more',
  ),
  CALL_TOKEN_SECRET: secretSetting(
    secret,
    'made at first start',
    'signs call tokens; the same on server and SFU; required in production',
  ),
  TURN_SERVER_URL: setting(
    commaList
      .pipe(z.array(z.string().regex(turnUrl, 'each must be turn: or turns:, a host, a port')))
      .optional(),
    'none',
    'comma-separated `turn:` and `turns:` URLs',
  ),
  TURN_SECRET: secretSetting(
    z.string().optional(),
    'none',
    'coturn’s `static-auth-secret`; makes expiring credentials for each user',
  ),
  TURN_USERNAME: setting(z.string().optional(), 'none', 'a fixed TURN user instead'),
  TURN_PASSWORD: secretSetting(z.string().optional(), 'none', 'and the password'),
  REGISTRATION: setting(
    z.enum(['open', 'invite', 'closed']).default('open'),
    '`open`',
    'who may sign up at first (`open`, `invite`, `closed`); administrators change it later',
  ),
  RATE_LIMITS: setting(
    z.enum(['on', 'off']).default('on'),
    '`on`',
    '`off` for load tests; refused in production',
  ),
  METRICS_PORT: setting(
    port.optional(),
    'beside the API, for this machine alone',
    'a port of its own for the server’s `/metrics`',
  ),
  SFU_METRICS_PORT: setting(
    port.optional(),
    'beside the signalling, for this machine alone',
    'a port of its own for the SFU’s `/metrics`',
  ),
  METRICS_HOST: setting(
    z.string().default('127.0.0.1'),
    '`127.0.0.1`',
    'address of both; whoever reaches it can read them',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    '`info`',
    'how much is logged',
  ),
  MEDIASOUP_WORKER_BIN: setting(
    z.string().optional(),
    'found or built',
    'a mediasoup worker of one’s own',
  ),
} satisfies Record<string, Setting>

/** What docker-compose.yml reads besides; Beseda itself never sees it. */
export const composeSettings = {
  COMPOSE_PROFILES: setting(
    z.string(),
    'none',
    'comma-separated parts to run besides: `tls` (Caddy with certificates) or `proxy` (one port for a proxy of one’s own), `turn` (the relay), `monitoring` (Prometheus and Grafana)',
  ),
  DOMAIN: setting(z.hostname(), 'none', 'name of the host, for certificates'),
  TLS_EMAIL: setting(z.email(), 'none', 'where the certificate authority writes to'),
  PROXY_PORT: setting(port, '`8080`', 'port of the profile `proxy`, on 127.0.0.1'),
  SFU_MEDIA_PORTS: setting(
    z.string().regex(/^\d+(-\d+)?$/),
    '`40000`',
    'the media ports that are published: `SFU_RTC_PORT`, up to one for each worker',
  ),
  SFU_STOP_GRACE: setting(
    z.string(),
    '`30s`',
    'how long Docker waits for the SFU to stop; longer than `SFU_DRAIN_SECONDS`',
  ),
  POSTGRES_PASSWORD: secretSetting(z.string(), 'none', 'the database’s password'),
  GRAFANA_PASSWORD: secretSetting(z.string(), 'none', 'of Grafana’s user `admin`'),
} satisfies Record<string, Setting>

export type SettingName = keyof typeof settings
export type Settings<Name extends SettingName = SettingName> = {
  [Key in Name]: z.output<(typeof settings)[Key]['schema']>
}

/** A malformed or missing setting; `message` holds one sentence for each. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/**
 * Read the named settings from an environment. An empty variable counts as
 * one that is not set.
 *
 * @throws SettingsError naming every variable that does not fit
 */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  env: Record<string, string | undefined>,
): Settings<Name> {
  const problems: string[] = []
  const entries = names.map((name) => {
    const raw = env[name]?.trim() || undefined
    const parsed = settings[name].schema.safeParse(raw)
    if (parsed.success) return [name, parsed.data]
    const reason = parsed.error.issues.map((issue) => issue.message).join('; ')
    problems.push(
      raw === undefined
        ? `${name} is not set (${settings[name].doc}).`
        : `${name} is not valid: ${reason} (${settings[name].doc}).`,
    )
    return [name, undefined]
  })
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  const values = Object.fromEntries(entries)
  if (values.NODE_ENV === 'production') {
    const refused = productionProblems(values)
    if (refused.length > 0) throw new SettingsError(refused.join('\n'))
  }
  return values
}
