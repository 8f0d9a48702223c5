import { describe, expect, test } from 'vitest'
import {
  type Action,
  type ChatRules,
  can,
  canAdminister,
  type Permissions,
  type Role,
} from './permissions.ts'

/*
 * Every role × permission set × chat × action × target role, against tables
 * written by hand. A cell names who may: `O` owner, `A` admin, `M` any member,
 * `m+add`, `m+remove`, `m+edit`, `m+call` a member who has that permission.
 */

type Who = 'O' | 'A' | 'M' | 'm+add' | 'm+remove' | 'm+edit' | 'm+call'

const permissionOf = {
  'm+add': 'canAddMembers',
  'm+remove': 'canRemoveMembers',
  'm+edit': 'canEditInfo',
  'm+call': 'canStartCall',
} as const

const roles: Role[] = ['owner', 'admin', 'member']
const bits = [false, true]
/** All 16 sets of the four permissions. */
const permissionSets: Permissions[] = bits.flatMap((canAddMembers) =>
  bits.flatMap((canRemoveMembers) =>
    bits.flatMap((canEditInfo) =>
      bits.map((canStartCall) => ({ canAddMembers, canRemoveMembers, canEditInfo, canStartCall })),
    ),
  ),
)

const quiet = { muteAll: false, onlyAdminsCanSpeak: false }
const muted = { muteAll: true, onlyAdminsCanSpeak: false }
const adminsSpeak = { muteAll: false, onlyAdminsCanSpeak: true }
const both = { muteAll: true, onlyAdminsCanSpeak: true }
const settings = [quiet, muted, adminsSpeak, both]

/** What does not depend on call settings or on other members. */
const plain: [action: Action, personal: string, group: string, channel: string][] = [
  [{ do: 'read' }, 'O A M', 'O A M', 'O A M'],
  [{ do: 'post' }, 'O A M', 'O A M', 'O A'],
  [{ do: 'react' }, 'O A M', 'O A M', 'O A M'],
  [{ do: 'editMessage', own: true }, 'O A M', 'O A M', 'O A'],
  [{ do: 'editMessage', own: false }, '', '', ''],
  [{ do: 'pin' }, 'O A M', 'O A m+edit', 'O A m+edit'],
  [{ do: 'addMembers' }, '', 'O A m+add', 'O A m+add'],
  [{ do: 'invite' }, '', 'O A m+add', 'O A m+add'],
  [{ do: 'transferOwnership' }, '', 'O', 'O'],
  [{ do: 'editInfo' }, '', 'O A m+edit', 'O A m+edit'],
  [{ do: 'editCallSettings' }, '', 'O A', 'O A'],
  [{ do: 'leave' }, '', 'A M', 'A M'],
  [{ do: 'deleteChat' }, '', 'O', 'O'],
  [{ do: 'startCall' }, 'O A M', 'O A m+call', 'O A'],
  [{ do: 'joinCall' }, 'O A M', 'O A M', 'O A M'],
  [{ do: 'endCall', startedByActor: true }, 'O A M', 'O A M', 'O A M'],
  [{ do: 'endCall', startedByActor: false }, 'O A M', 'O A', 'O A'],
]

/** What is done to another member, by the other's role; the same in groups and channels, never in a personal chat. */
const towards: [what: (target: Role) => Action, owner: string, admin: string, member: string][] = [
  [(target) => ({ do: 'removeMember', target }), '', 'O', 'O A m+remove'],
  [(target) => ({ do: 'changeRole', target, to: 'admin' }), '', 'O', 'O'],
  [(target) => ({ do: 'changeRole', target, to: 'member' }), '', 'O', 'O'],
  [(target) => ({ do: 'changePermissions', target, changed: [] }), '', 'O', 'O A'],
  [(target) => changeOf(target, ['canAddMembers']), '', 'O', 'O A'],
  [(target) => changeOf(target, ['canRemoveMembers']), '', 'O', 'O A'],
  [(target) => changeOf(target, ['canEditInfo']), '', 'O', 'O A'],
  [(target) => changeOf(target, ['canStartCall']), '', 'O', 'O A'],
  [(target) => changeOf(target, Object.values(permissionOf)), '', 'O', 'O A'],
  [(target) => ({ do: 'mutePeer', target }), '', 'O', 'O A'],
  [(target) => ({ do: 'removePeer', target }), '', 'O', 'O A'],
  [(target) => ({ do: 'allowToSpeak', target }), '', 'O', 'O A'],
]

/** Whose message may be deleted, by the sender's role (`gone`: a member no longer). */
const deletions: [sender: Role | 'gone' | 'oneself', personal: string, others: string][] = [
  ['oneself', 'O A M', 'O A M'],
  ['owner', '', ''],
  ['admin', '', 'O'],
  ['member', '', 'O A'],
  ['gone', '', 'O A'],
]

type Source = Extract<Action, { do: 'publish' }>['source']

/** Who may publish in a group's call, by its call settings. */
const publishing: [
  source: Source,
  quiet: string,
  muted: string,
  adminsSpeak: string,
  both: string,
][] = [
  ['microphone', 'O A M', 'O A', 'O A', 'O A'],
  ['camera', 'O A M', 'O A M', 'O A', 'O A'],
  ['screen', 'O A M', 'O A M', 'O A', 'O A'],
  ['screenAudio', 'O A M', 'O A M', 'O A', 'O A'],
]

function changeOf(target: Role, changed: (keyof Permissions)[]): Action {
  return { do: 'changePermissions', target, changed }
}

/** Who may, out of every role with every set of permissions, as the table writes it. */
function listed(cell: string, role: Role, permissions: Permissions): boolean {
  const names = cell.split(' ') as Who[]
  if (role === 'owner') return names.includes('O')
  if (role === 'admin') return names.includes('A')
  if (names.includes('M')) return true
  return names.some((name) => name.startsWith('m+') && permissions[given(name)])
}

function given(name: Who) {
  if (name === 'O' || name === 'A' || name === 'M') throw new Error(`${name} is no permission`)
  return permissionOf[name]
}

function check(chat: ChatRules, action: Action, cell: string) {
  for (const role of roles) {
    for (const permissions of permissionSets) {
      const told = { role, permissions, ...chat, ...action }
      expect(can({ role, permissions }, chat, action), JSON.stringify(told)).toBe(
        listed(cell, role, permissions),
      )
    }
  }
}

test.each(plain)('%j', (action, personal, group, channel) => {
  for (const callSettings of settings) {
    check({ type: 'personal', callSettings }, action, personal)
    check({ type: 'group', callSettings }, action, group)
    check({ type: 'channel', callSettings }, action, channel)
  }
})

test.each(
  towards.map(
    ([what, owner, admin, member]) => [what('member'), what, { owner, admin, member }] as const,
  ),
)('towards another: %j', (_shown, what, cells) => {
  for (const target of roles) {
    for (const callSettings of settings) {
      check({ type: 'personal', callSettings }, what(target), '')
      check({ type: 'group', callSettings }, what(target), cells[target])
      check({ type: 'channel', callSettings }, what(target), cells[target])
    }
  }
})

test.each(deletions)('delete a message of %s', (sender, personal, others) => {
  const own = sender === 'oneself'
  // One's own message is of one's own role, whatever it is.
  const senderRoles = own ? [...roles, null] : [sender === 'gone' ? null : sender]
  for (const senderRole of senderRoles) {
    const action: Action = { do: 'deleteMessage', own, senderRole }
    for (const callSettings of settings) {
      check({ type: 'personal', callSettings }, action, personal)
      check({ type: 'group', callSettings }, action, others)
      check({ type: 'channel', callSettings }, action, others)
    }
  }
})

test.each(publishing)('publish the %s', (source, ...cells) => {
  const action: Action = { do: 'publish', source, granted: false }
  const granted: Action = { do: 'publish', source, granted: true }
  for (const [index, callSettings] of settings.entries()) {
    check({ type: 'personal', callSettings }, action, 'O A M')
    check({ type: 'group', callSettings }, action, cells[index] ?? '')
    check({ type: 'channel', callSettings }, action, 'O A')
    for (const type of ['personal', 'group', 'channel'] as const) {
      check({ type, callSettings }, granted, 'O A M')
    }
  }
})

test('the tables name every action', () => {
  const named: Record<Action['do'], true> = {
    read: true,
    post: true,
    react: true,
    editMessage: true,
    deleteMessage: true,
    pin: true,
    addMembers: true,
    invite: true,
    removeMember: true,
    changeRole: true,
    changePermissions: true,
    transferOwnership: true,
    editInfo: true,
    editCallSettings: true,
    leave: true,
    deleteChat: true,
    startCall: true,
    joinCall: true,
    endCall: true,
    mutePeer: true,
    removePeer: true,
    allowToSpeak: true,
    publish: true,
  }
  const inTables = [
    ...plain.map(([action]) => action.do),
    ...towards.map(([what]) => what('member').do),
    'deleteMessage',
    'publish',
  ]
  expect([...new Set(inTables)].sort()).toEqual(Object.keys(named).sort())
})

describe('administration', () => {
  const roles = ['member', 'admin', 'owner', 'host'] as const
  const who = (action: Parameters<typeof canAdminister>[1]) =>
    roles.filter((role) => canAdminister(role, action))

  test.each<[Parameters<typeof canAdminister>[1], string[]]>([
    [{ do: 'look' }, ['admin', 'owner', 'host']],
    [{ do: 'changeRegistration' }, ['admin', 'owner', 'host']],
    [{ do: 'inviteToServer' }, ['admin', 'owner', 'host']],
    [{ do: 'endAnyCall' }, ['admin', 'owner', 'host']],
    [{ do: 'drainNode' }, ['admin', 'owner', 'host']],
    [{ do: 'changeRetention' }, ['owner', 'host']],
    [{ do: 'changeLimits' }, ['owner', 'host']],
    [{ do: 'makeOwnerLink' }, ['host']],
    [{ do: 'disableUser', target: 'member', own: false }, ['admin', 'owner', 'host']],
    [{ do: 'disableUser', target: 'admin', own: false }, ['owner', 'host']],
    [{ do: 'resetPassword', target: 'owner', own: false }, ['host']],
    [{ do: 'endSessions', target: 'member', own: true }, []],
    [{ do: 'enableUser', target: 'admin' }, ['owner', 'host']],
    [{ do: 'changeServerRole', target: 'member', to: 'admin', own: false }, ['owner', 'host']],
    [{ do: 'changeServerRole', target: 'member', to: 'owner', own: false }, ['host']],
    [{ do: 'changeServerRole', target: 'owner', to: 'member', own: false }, ['host']],
    [{ do: 'changeServerRole', target: 'member', to: 'admin', own: true }, []],
  ])('%j is for %j', (action, allowed) => {
    expect(who(action)).toEqual(allowed)
  })
})
