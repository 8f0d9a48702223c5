import type {
  AuditAction,
  ServerLimits,
  ServerRules,
  UpdateServerRulesBody,
} from '@beseda/protocol/administration'
import { limits } from '@beseda/protocol/limits'
import type { AdminAction, ChatType } from '@beseda/protocol/permissions'
import { eq } from 'drizzle-orm'
import { chats } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import type { ServerSettings } from '../settings.ts'
import { type Actor, permit } from './actor.ts'
import { writeAudit } from './audit.ts'
import { serverRules } from './schema.ts'

type Environment = Pick<ServerSettings, 'REGISTRATION' | 'FILE_MAX_MB'>

/** Reads and changes what administrators decide while the server runs. */
export type Rules = ReturnType<typeof makeRules>

/** Build them on the environment, which says what holds until somebody decides. */
export function makeRules(environment: Environment) {
  const unset: ServerLimits = {
    groupMembers: limits.groupMembersMax,
    channelMembers: limits.channelMembersMax,
    fileMegabytes: environment.FILE_MAX_MB,
    callStartsPerMinute: limits.callStartsPerMinute,
  }

  /** The rules as they are now: one look-up of one row. */
  async function read(db: Database | Transaction): Promise<ServerRules> {
    const [row] = await db.select().from(serverRules)
    return {
      registration: row?.registration ?? environment.REGISTRATION,
      retention: { messageDays: null, fileDays: null, callDays: null, ...row?.retention },
      limits: { ...unset, ...row?.limits },
    }
  }

  return {
    read,
    /** The environment's word is the first one; what is decided later stays through every start. */
    async begin(db: Database): Promise<void> {
      const row = { id: 1, registration: environment.REGISTRATION, retention: {}, limits: {} }
      await db.insert(serverRules).values(row).onConflictDoNothing()
    },
    /** How many members a chat of this type may have. */
    async membersMax(db: Database | Transaction, type: ChatType): Promise<number> {
      if (type === 'personal') return 2
      const { groupMembers, channelMembers } = (await read(db)).limits
      return type === 'group' ? groupMembers : channelMembers
    },
    /**
     * Decide otherwise. New sizes hold for the groups and channels that there are as well; nobody
     * is put out of one that is larger.
     *
     * @throws Refusal FORBIDDEN
     */
    async change(db: Database, actor: Actor, body: UpdateServerRulesBody): Promise<ServerRules> {
      return db.transaction(async (tx) => {
        const [row] = await tx.select().from(serverRules).for('update')
        const before = await read(tx)
        const write = async (
          permission: AdminAction,
          action: AuditAction,
          values: Partial<typeof serverRules.$inferInsert>,
          details: Record<string, unknown>,
        ) => {
          permit(actor, permission)
          await tx.update(serverRules).set(values)
          await writeAudit(tx, actor, { action, details })
        }
        if (body.registration !== undefined && body.registration !== before.registration) {
          const { registration } = body
          const details = { from: before.registration, to: registration }
          const permission = { do: 'changeRegistration' } as const
          await write(permission, 'registration.changed', { registration }, details)
        }
        if (body.retention !== undefined) {
          const retention = { ...row?.retention, ...defined(body.retention) }
          const permission = { do: 'changeRetention' } as const
          await write(permission, 'retention.changed', { retention }, defined(body.retention))
        }
        if (body.limits !== undefined) {
          const set = { ...row?.limits, ...defined(body.limits) }
          const permission = { do: 'changeLimits' } as const
          await write(permission, 'limits.changed', { limits: set }, defined(body.limits))
          await resize(tx, 'group', body.limits.groupMembers)
          await resize(tx, 'channel', body.limits.channelMembers)
        }
        return read(tx)
      })
    },
  }
}

async function resize(tx: Transaction, type: ChatType, maxMembers: number | undefined) {
  if (maxMembers === undefined) return
  await tx.update(chats).set({ maxMembers }).where(eq(chats.type, type))
}

/** Only what is given: an `undefined` would hide what was there. */
function defined<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>
}
