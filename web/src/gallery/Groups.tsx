import '../members/MembersPanel.css'
import '../messages/MessageBubble.css'
import { RequestError } from '@beseda/client/rest'
import type { InvitePreview } from '@beseda/protocol/invites'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { GroupSettings } from '../chats/GroupSettings.tsx'
import { OwnerLeavesModal } from '../chats/OwnerLeavesModal.tsx'
import { LazyEmojiPicker } from '../emoji/LazyEmojiPicker.tsx'
import { InviteFace } from '../invites/InviteFace.tsx'
import { InviteModal } from '../invites/InviteModal.tsx'
import { InviteRefusal } from '../invites/InviteRefusal.tsx'
import { AddMembersModal } from '../members/AddMembersModal.tsx'
import { MemberRow } from '../members/MemberRow.tsx'
import { PermissionsModal } from '../members/PermissionsModal.tsx'
import { PinnedBar } from '../messages/PinnedBar.tsx'
import { QuoteView } from '../messages/QuoteView.tsx'
import { Reactions } from '../messages/Reactions.tsx'
import { ClientProvider, useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { anna, boris, groupChat, message } from './fixtures.ts'
import { Section } from './Gallery.tsx'
import { members, specimenClient } from './specimen-client.ts'

const now = new Date('2026-03-10T12:00:00.000Z')
const nothing = () => {}

const preview: InvitePreview = {
  code: 'A'.repeat(22),
  chat: {
    type: 'group',
    name: 'Север',
    description: 'Походы, костры и песни.\nБез телефонов!',
    avatarId: null,
    memberCount: 8,
  },
  invitedBy: anna.displayName,
  expiresAt: null,
  memberOf: null,
}
const refusals = [
  new RequestError('INVITE_EXPIRED', ''),
  new RequestError('INVITE_USED_UP', ''),
  new RequestError('INVITE_REVOKED', ''),
  new RequestError('NOT_FOUND', ''),
  new RequestError('RATE_LIMITED', '', { retryAfter: 40 }),
]
const reacted = message({
  reactions: [
    { emoji: '👍', count: 3, mine: true },
    { emoji: '🔥', count: 12, mine: false },
    { emoji: '🏴‍☠️', count: 1, mine: false },
  ],
})
const quotes = [
  { id: 'q1', seq: 1, sender: boris, excerpt: 'Кто **идёт** в субботу?', attachment: null },
  { id: 'q2', seq: 2, sender: anna, excerpt: '', attachment: 'image' as const },
  { id: 'q3', seq: 3, sender: boris, excerpt: '', attachment: null },
]

const dialogs = {
  GroupSettings: (close: () => void) => (
    <GroupSettings chat={groupChat} onLeave={nothing} onDelete={nothing} onClose={close} />
  ),
  InviteModal: (close: () => void) => <InviteModal chat={groupChat} onClose={close} />,
  AddMembersModal: (close: () => void) => <AddMembersModal chat={groupChat} onClose={close} />,
  OwnerLeavesModal: (close: () => void) => (
    <OwnerLeavesModal chat={groupChat} selfId={anna.id} onDelete={nothing} onClose={close} />
  ),
  PermissionsModal: (close: () => void) => (
    <Show when={members[4]}>
      {(member) => (
        <PermissionsModal chat={groupChat} member={member()} onChanged={nothing} onClose={close} />
      )}
    </Show>
  ),
} satisfies Record<string, (close: () => void) => JSX.Element>
type DialogName = keyof typeof dialogs
const dialogNames = Object.keys(dialogs).filter((name): name is DialogName => name in dialogs)

/** What belongs to a group: its dialogs, members, invitations, pins, and what stands in messages. */
export function Groups() {
  const client = specimenClient(useClient())
  const [open, setOpen] = createSignal<DialogName | null>(null)
  const [anchor, setAnchor] = createSignal<DOMRect | null>(null)
  return (
    <ClientProvider client={client}>
      <Section title="GroupSettings, InviteModal, AddMembers, OwnerLeaves, Permissions, EmojiPicker">
        <div class="gallery__row">
          <For each={dialogNames}>
            {(name) => <Button onClick={() => setOpen(name)}>{name}</Button>}
          </For>
          <div
            ref={(box) =>
              box.addEventListener('click', () => setAnchor(box.getBoundingClientRect()))
            }
          >
            <Button>EmojiPicker</Button>
          </div>
        </div>
        <Show keyed when={open()}>
          {(name) => dialogs[name](() => setOpen(null))}
        </Show>
        <Show when={anchor()}>
          {(at) => (
            <LazyEmojiPicker anchor={at()} onPick={nothing} onClose={() => setAnchor(null)} />
          )}
        </Show>
      </Section>
      <Section title="MemberRow">
        <div class="gallery__members">
          <For each={members}>
            {(member) => (
              <div class="gallery__member">
                <MemberRow
                  chat={groupChat}
                  member={member}
                  selfId={anna.id}
                  status={member.user.status}
                  now={now}
                  onAction={nothing}
                />
              </div>
            )}
          </For>
        </div>
      </Section>
      <Section title="PinnedBar, Reactions, QuoteView">
        <PinnedBar chat={groupChat} version="" mayPin onUnpin={nothing} onOpen={nothing} />
        <Reactions message={reacted} onToggle={nothing} />
        <div class="gallery__fields">
          <For each={quotes}>{(quote) => <QuoteView quote={quote} onOpen={nothing} />}</For>
        </div>
      </Section>
      <Section title="InviteFace, InviteRefusal">
        <div class="gallery__fields">
          <InviteFace invite={preview} />
          <For each={refusals}>
            {(error) => <InviteRefusal error={error} onRetry={nothing} onLeave={nothing} />}
          </For>
        </div>
      </Section>
    </ClientProvider>
  )
}
