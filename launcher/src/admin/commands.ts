import {
  type AdminUser,
  adminUserPageSchema,
  adminUserSchema,
  auditPageSchema,
  liveCallListSchema,
  liveNodeListSchema,
  madeLinkSchema,
  registrationSchema,
  serverInviteListSchema,
  serverInviteSchema,
  serverRulesSchema,
} from '@beseda/protocol/administration'
import { deviceListSchema } from '@beseda/protocol/auth'
import { accountRoleSchema } from '@beseda/protocol/permissions'
import { z } from 'zod'
import { StartError } from '../start-error.ts'
import type { AdminApi } from './api.ts'
import { makeTable, type Table } from './table.ts'

/** What a command has to say: as data for programs, and as text for people. */
export type Told = { data: unknown; text: string }

export type Flags = Record<string, string | undefined>

/** One command of `npx pnpm admin`. */
export type Command = {
  /** What follows its name. */
  usage: string
  help: string
  /** `address` is where people find the server. */
  run(api: AdminApi, args: string[], flags: Flags, address: string): Promise<Told>
}

const nothing = z.unknown()
const done = (text: string): Told => ({ data: { done: true }, text })
const table = (data: unknown, rows: Table): Told => ({ data, text: makeTable(rows) })
const orNone = (text: string | number | null) => (text === null ? '-' : String(text))
const minute = (iso: string) => iso.slice(0, 16).replace('T', ' ')

/** Everything that can be done from the command line, by name. */
export const commands: Record<string, Command> = {
  'owner-link': {
    usage: '',
    help: 'make the link whose opener becomes the owner',
    async run(api) {
      return tellLink(await api('POST', '/owner-link', madeLinkSchema))
    },
  },
  users: {
    usage: '[name]',
    help: 'list accounts, or find some',
    async run(api, [name = ''], flags) {
      const { items } = await api(
        'GET',
        `/users${queryOf(flags, { q: name })}`,
        adminUserPageSchema,
      )
      const rows = items.map((user) => [
        user.username,
        user.displayName,
        user.serverRole,
        user.disabledAt ? 'disabled' : user.status,
        String(user.sessions),
        minute(user.createdAt),
      ])
      return table(items, [['username', 'name', 'role', 'status', 'sessions', 'since'], ...rows])
    },
  },
  role: {
    usage: '<username> member|admin|owner',
    help: 'say what somebody is on this server',
    async run(api, [name, role]) {
      const user = await findUser(api, name)
      const serverRole = parse(accountRoleSchema, role, 'member, admin or owner')
      await api('PATCH', `/users/${user.id}`, adminUserSchema, { serverRole })
      return done(`${user.username} is ${serverRole}.`)
    },
  },
  disable: {
    usage: '<username>',
    help: 'shut an account: its sessions end, it is out of its call',
    async run(api, [name]) {
      const user = await findUser(api, name)
      await api('PATCH', `/users/${user.id}`, adminUserSchema, { disabled: true })
      return done(`${user.username} is disabled.`)
    },
  },
  enable: {
    usage: '<username>',
    help: 'open an account again',
    async run(api, [name]) {
      const user = await findUser(api, name)
      await api('PATCH', `/users/${user.id}`, adminUserSchema, { disabled: false })
      return done(`${user.username} is enabled.`)
    },
  },
  'reset-link': {
    usage: '<username>',
    help: 'make the link by which somebody chooses a new password',
    async run(api, [name]) {
      const user = await findUser(api, name)
      return tellLink(await api('POST', `/users/${user.id}/reset-link`, madeLinkSchema))
    },
  },
  sessions: {
    usage: '<username>',
    help: 'list where somebody is signed in; with --end, end all of it',
    async run(api, [name], { end }) {
      const user = await findUser(api, name)
      if (end !== undefined) {
        await api('DELETE', `/users/${user.id}/sessions`, nothing)
        return done(`${user.username} is signed out everywhere.`)
      }
      const { items } = await api('GET', `/users/${user.id}/sessions`, deviceListSchema)
      const rows = items.map(({ lastSeenAt, ip, userAgent }) => [
        minute(lastSeenAt),
        orNone(ip),
        orNone(userAgent),
      ])
      return table(items, [['last seen', 'from', 'with'], ...rows])
    },
  },
  registration: {
    usage: '[open|invite|closed]',
    help: 'say who may sign up, or ask it',
    async run(api, [mode]) {
      if (mode === undefined) {
        const { registration } = await api('GET', '/rules', serverRulesSchema)
        return { data: { registration }, text: registration }
      }
      const registration = parse(registrationSchema, mode, 'open, invite or closed')
      await api('PATCH', '/rules', serverRulesSchema, { registration })
      return done(`Registration is ${registration}.`)
    },
  },
  invites: {
    usage: '',
    help: 'list invitations to the server',
    async run(api) {
      const { items } = await api('GET', '/invites', serverInviteListSchema)
      const rows = items.map(({ code, createdBy, uses, maxUses, expiresAt }) => [
        code,
        createdBy,
        maxUses === null ? String(uses) : `${uses} of ${maxUses}`,
        expiresAt === null ? 'never' : minute(expiresAt),
      ])
      return table(items, [['code', 'by', 'used', 'expires'], ...rows])
    },
  },
  invite: {
    usage: '[--uses n] [--days n]',
    help: 'invite somebody to the server',
    async run(api, _, { uses, days }, address) {
      const body = {
        ...(uses !== undefined && { maxUses: wholeNumber(uses, '--uses') }),
        ...(days !== undefined && { expiresInSeconds: wholeNumber(days, '--days') * 86_400 }),
      }
      const invite = await api('POST', '/invites', serverInviteSchema, body)
      return { data: invite, text: new URL(`/join/${invite.code}`, address).href }
    },
  },
  'revoke-invite': {
    usage: '<code>',
    help: 'end an invitation to the server',
    async run(api, [code]) {
      const wanted = required(code, 'the code')
      await api('DELETE', `/invites/${encodeURIComponent(wanted)}`, nothing)
      return done('The invitation works no longer.')
    },
  },
  retention: {
    usage: '[--messages n|off] [--files n|off] [--calls n|off]',
    help: 'say after how many days things are deleted, or ask it',
    async run(api, _, { messages, files, calls }) {
      const retention = {
        ...(messages !== undefined && { messageDays: daysOf(messages, '--messages') }),
        ...(files !== undefined && { fileDays: daysOf(files, '--files') }),
        ...(calls !== undefined && { callDays: daysOf(calls, '--calls') }),
      }
      const rules = await changeOrAsk(api, 'retention', retention)
      const rows = Object.entries(rules.retention).map(([name, days]) => [
        name.replace('Days', 's'),
        days === null ? 'kept' : `${days} days`,
      ])
      return table(rules.retention, rows)
    },
  },
  limits: {
    usage: '[--group n] [--channel n] [--file-mb n] [--calls-per-minute n]',
    help: 'say how large things may be, or ask it',
    async run(api, _, flags) {
      const names = {
        group: 'groupMembers',
        channel: 'channelMembers',
        'file-mb': 'fileMegabytes',
        'calls-per-minute': 'callStartsPerMinute',
      }
      const limits = Object.fromEntries(
        Object.entries(names).flatMap(([flag, name]) => {
          const value = flags[flag]
          return value === undefined ? [] : [[name, wholeNumber(value, `--${flag}`)]]
        }),
      )
      const rules = await changeOrAsk(api, 'limits', limits)
      return table(
        rules.limits,
        Object.entries(rules.limits).map(([name, value]) => [name, String(value)]),
      )
    },
  },
  calls: {
    usage: '',
    help: 'list the calls that are on',
    async run(api) {
      const { items } = await api('GET', '/calls', liveCallListSchema)
      const rows = items.map(({ id, chatName, initiator, status, createdAt, peers }) => [
        id,
        chatName ?? `personal, ${initiator}`,
        status,
        minute(createdAt),
        String(peers.length),
      ])
      return table(items, [['call', 'chat', 'status', 'since', 'people'], ...rows])
    },
  },
  'end-call': {
    usage: '<call>',
    help: 'end a call for all who are in it',
    async run(api, [call]) {
      const id = parse(z.uuid(), call, 'the id of a call, from `admin calls`')
      await api('POST', `/calls/${id}/end`, nothing)
      return done('The call is over.')
    },
  },
  nodes: {
    usage: '',
    help: 'list the SFU nodes that are alive',
    async run(api) {
      const { items } = await api('GET', '/nodes', liveNodeListSchema)
      const rows = items.map(({ node, publicUrl, port, calls, load, draining }) => [
        node,
        publicUrl ?? `port ${port}`,
        String(calls),
        String(load),
        draining ? 'drains' : 'takes calls',
      ])
      return table(items, [['node', 'at', 'calls', 'load', 'state'], ...rows])
    },
  },
  drain: {
    usage: '<node>',
    help: 'let a node take no new calls and hand its calls over; the beginning of its name will do',
    run: (api, [node]) => setDraining(api, node, true),
  },
  undrain: {
    usage: '<node>',
    help: 'let a node take calls again',
    run: (api, [node]) => setDraining(api, node, false),
  },
  audit: {
    usage: '[--limit n]',
    help: 'list what administrators did, the newest first',
    async run(api, _, flags) {
      const { items } = await api('GET', `/audit${queryOf(flags)}`, auditPageSchema)
      const rows = items.map(({ at, actor, action, target, ip, details }) => [
        minute(at),
        actor.name,
        action,
        target?.name ?? '',
        orNone(ip),
        Object.keys(details).length === 0 ? '' : JSON.stringify(details),
      ])
      return table(items, [['at', 'who', 'did', 'whom', 'from', 'how'], ...rows])
    },
  },
}

function tellLink({ url, expiresAt }: z.infer<typeof madeLinkSchema>): Told {
  return {
    data: { url, expiresAt },
    text: `${url}\nIt works once, until ${minute(expiresAt)} UTC.`,
  }
}

async function setDraining(api: AdminApi, name: string | undefined, on: boolean): Promise<Told> {
  const wanted = required(name, 'a node, from `admin nodes`')
  const { items } = await api('GET', '/nodes', liveNodeListSchema)
  const found = items.filter(({ node }) => node.startsWith(wanted))
  const [one] = found
  if (!one || found.length > 1) {
    throw new StartError(
      one ? `Several nodes begin with ${wanted}: give more of it.` : `No node ${wanted} is alive.`,
    )
  }
  await api('PUT', `/nodes/${one.node}/draining`, nothing, { on })
  if (!on) return done(`${one.node} takes calls again.`)
  const left =
    one.calls > 0 ? ` Its calls (${one.calls}) go to another node as soon as one is there.` : ''
  return done(`${one.node} takes no new calls.${left}`)
}

/** @throws StartError unless somebody has exactly this username */
async function findUser(api: AdminApi, name: string | undefined): Promise<AdminUser> {
  const username = required(name, 'a username').toLowerCase().replace(/^@/, '')
  const query = new URLSearchParams({ q: username, limit: '100' })
  const { items } = await api('GET', `/users?${query}`, adminUserPageSchema)
  const user = items.find((one) => one.username === username)
  if (!user) throw new StartError(`There is no user ${username}.`)
  return user
}

function changeOrAsk(api: AdminApi, name: 'retention' | 'limits', change: object) {
  return Object.keys(change).length === 0
    ? api('GET', '/rules', serverRulesSchema)
    : api('PATCH', '/rules', serverRulesSchema, { [name]: change })
}

function queryOf({ limit }: Flags, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    limit: String(limit === undefined ? 100 : wholeNumber(limit, '--limit')),
    ...more,
  })
  return `?${query}`
}

function required(text: string | undefined, what: string): string {
  if (text === undefined || text === '') throw new StartError(`Say ${what}.`)
  return text
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw new StartError(`Say ${what}.`)
  return parsed.data
}

function wholeNumber(text: string, flag: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new StartError(`${flag} must be a whole number above 0.`)
  return Number(text)
}

const daysOf = (text: string, flag: string) => (text === 'off' ? null : wholeNumber(text, flag))
