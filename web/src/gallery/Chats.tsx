import '../members/MembersPanel.css'
import { For } from 'solid-js'
import { AttachmentsProvider } from '../attachments/context.tsx'
import { ChatRow } from '../chats/ChatRow.tsx'
import { ChatRowSkeletons } from '../chats/ChatRows.tsx'
import { UserRow } from '../chats/UserRow.tsx'
import { Composer } from '../messages/Composer.tsx'
import { MessageBubble } from '../messages/MessageBubble.tsx'
import { MessageSkeletons } from '../messages/MessageSkeletons.tsx'
import { toRows } from '../messages/rows.ts'
import { SystemLine } from '../messages/SystemLine.tsx'
import { anna, boris, call, groupChat, message, people, personalChat } from './fixtures.ts'
import { Section } from './Gallery.tsx'

const now = new Date('2026-03-10T12:00:00.000Z')
const chats = [
  { ...groupChat, call },
  personalChat,
  { ...groupChat, name: 'A very long name of a group that does not fit', unreadCount: 1200 },
  { ...groupChat, lastMessage: null, unreadCount: 0 },
]

const texts = [
  'Привет!',
  'Смотрите: https://beseda.example/about.',
  'Длинное\nв две строки',
  '**жирно** *косо* ~~мимо~~ `код` ||тайна||\n> цитата\n- раз\n- два\n```\ncode\n```',
]
const sent = texts.flatMap((body, index) => [
  message({ id: `b${index}`, seq: index * 2 + 1, body }),
  message({ id: `a${index}`, seq: index * 2 + 2, body, sender: anna }),
])
const [sending, failed] = [
  { status: 'sending', error: null, clientId: 'p1' },
  { status: 'failed', error: 'FORBIDDEN', clientId: 'p2' },
] as const
const pending = [sending, failed].map((one) => ({
  ...one,
  body: 'Ещё в пути',
  replyTo: null,
  attachments: [],
  createdAt: '2026-03-10T09:10:00.000Z',
}))
const rows = toRows({ messages: sent, pending, self: anna, unreadAfter: null })

const nothing = () => {}
const actions = {
  retry: nothing,
  discard: nothing,
  reply: nothing,
  react: nothing,
  openMenu: nothing,
  openPicker: nothing,
  jump: nothing,
  openPictures: nothing,
}
const composer = {
  chat: groupChat,
  onDraft: nothing,
  onTyping: nothing,
  onSend: nothing,
  onReply: nothing,
  onEditLast: nothing,
  onCancel: nothing,
}

const ended = { event: 'call.ended', actor: boris, callId: call.id, callType: 'video' } as const
const outcomes = ['ended', 'missed', 'declined', 'failed'] as const

/** Rows of the list, messages, the composer. */
export function Chats() {
  return (
    <>
      <Section title="ChatRow, UserRow">
        <div class="gallery__fields">
          <div>
            <For each={chats}>
              {(chat) => <ChatRow chat={chat} presence={{}} selfId={anna.id} now={now} />}
            </For>
          </div>
          <div>
            <For each={people.slice(0, 4)}>
              {(user) => (
                <div class="members-panel__skeleton">
                  <UserRow user={user} status={user.status} size="s" />
                </div>
              )}
            </For>
          </div>
          <ChatRowSkeletons />
        </div>
      </Section>
      <Section title="MessageBubble, SystemLine">
        <div class="gallery__messages">
          <For each={rows}>
            {(row) =>
              row.kind === 'message' && (
                <MessageBubble
                  row={row}
                  named
                  self={anna}
                  othersReadSeq={4}
                  mayReply
                  marked={false}
                  actions={actions}
                />
              )
            }
          </For>
          <SystemLine
            at={call.createdAt}
            system={{ event: 'member.added', actor: anna, users: people.slice(1) }}
          />
          <For each={outcomes}>
            {(outcome) => (
              <SystemLine
                at={call.createdAt}
                system={{ ...ended, outcome, durationSeconds: 304 }}
                onCallBack={nothing}
              />
            )}
          </For>
        </div>
        <MessageSkeletons />
      </Section>
      <Section title="Composer">
        <AttachmentsProvider>
          <Composer {...composer} draft="" writing={{ kind: 'new' }} />
          <Composer {...composer} draft="" writing={{ kind: 'reply', message: message({}) }} />
          <Composer {...composer} draft={'а'.repeat(3995)} writing={{ kind: 'new' }} />
        </AttachmentsProvider>
      </Section>
    </>
  )
}
