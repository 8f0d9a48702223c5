import type { Client } from '@beseda/client/client'
import type { Call } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import type { BesedaEvent } from '@beseda/protocol/events'
import type { Message } from '@beseda/protocol/messages'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { chatFace, chatName, presenceOf, userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { useSelf } from '../shell/self.ts'
import { createVisibility } from '../shell/visibility.ts'
import { createBrowserNotices } from './browser-notice.ts'
import { chime } from './chime.ts'
import { noticeBody, noticeTitle } from './notice-text.ts'
import type { NotificationSettings } from './settings.ts'
import { type Looking, type Reason, reasonOf, shouldNotify } from './should-notify.ts'
import { createTabs } from './tabs.ts'

/** A message of another chat, told of in the page. */
export type Banner = {
  id: string
  chatId: string
  face: ReturnType<typeof userFace>
  title: string
  body: string
}

/** Banners that stand at once, each of another chat. */
const bannersMax = 3

/** How long a new chat may take to arrive after its first message. */
const chatWaitMs = 5_000

const icon = '/favicon.svg'

type NotifierOptions = {
  settings: NotificationSettings
  openChatId(): string | undefined
  onOpen(chatId: string): void
}

/** Tells of messages and calls that the user may miss, for as long as the owner lives. */
export function createNotifier({ settings, openChatId, onOpen }: NotifierOptions) {
  const { t } = useI18n()
  const client = useClient()
  const self = useSelf()
  const presence = fromStore(client.chats.presence)
  const incoming = fromStore(client.calls.incoming)
  const visible = createVisibility()
  const tabs = createTabs(navigator.locks)
  const notices = createBrowserNotices()
  const [banners, setBanners] = createSignal<Banner[]>([])

  const dismiss = (gone: (banner: Banner) => boolean) =>
    setBanners((before) => before.filter((banner) => !gone(banner)))

  /** How to tell of it, and whether this is the tab to do so. */
  async function decide(id: string, chat: Chat, reason: Reason) {
    const user = self()
    const looking: Looking = visible()
      ? 'here'
      : (await tabs.areLookedAt())
        ? 'elsewhere'
        : 'nobody'
    const telling = shouldNotify({
      reason,
      dnd: user !== null && presenceOf(presence(), user).status === 'dnd',
      muted: chat.self.muted,
      looking,
      open: openChatId() === chat.id,
      browser: settings.isOn(),
      sound: settings.wishes().sound,
    })
    const loud = telling.browser || telling.sound
    return loud && !(await tabs.claim(id)) ? { ...telling, browser: false, sound: false } : telling
  }

  async function tellMessage(message: Message) {
    const chat = await findChat(client, message.chatId)
    const reason = chat && reasonOf(message, chat, self()?.id ?? '')
    if (!reason || !message.sender) return
    const telling = await decide(message.id, chat, reason)
    const { id, chatId } = message
    const title = noticeTitle(message, chat.name)
    const body = noticeBody(t(), message, settings.wishes().previews)
    if (telling.sound) chime()
    if (telling.browser) {
      const face = userFace(message.sender).src ?? icon
      notices.show({
        id,
        chatId,
        title,
        body,
        icon: face,
        urgent: false,
        onClick: () => onOpen(chatId),
      })
    }
    if (telling.banner) {
      const banner = { id, chatId, title, body, face: userFace(message.sender) }
      setBanners((before) =>
        [...before.filter((other) => other.chatId !== chatId), banner].slice(-bannersMax),
      )
    }
  }

  async function tellCall({ id, chatId, type }: Call) {
    const chat = await findChat(client, chatId)
    if (!chat || !(await decide(id, chat, 'call')).browser) return
    // It may have stopped ringing meanwhile.
    if (!incoming().some((call) => call.id === id)) return
    const face = chatFace(chat).src ?? icon
    const { incomingVideo, incomingAudio } = t().calls
    notices.show({
      id,
      chatId,
      title: chatName(chat),
      body: type === 'video' ? incomingVideo : incomingAudio,
      icon: face,
      urgent: true,
      onClick: () => onOpen(chatId),
    })
  }

  function hear(event: BesedaEvent) {
    // What was missed while the connection was lost is counted, not told one by one.
    const live = client.connection.state.get().status === 'online'
    if (event.type === 'message.created' && live) void tellMessage(event.message)
    if (event.type === 'call.ringing') void tellCall(event.call)
    if (event.type === 'message.updated' && event.message.deletedAt) {
      notices.close(event.message.id)
      dismiss(({ id }) => id === event.message.id)
    }
    // Read on another device.
    if (event.type === 'read.updated' && event.userId === self()?.id) {
      notices.closeChat(event.chatId)
      dismiss(({ chatId }) => chatId === event.chatId)
    }
    if (event.type === 'chat.closed') dismiss(({ chatId }) => chatId === event.chatId)
  }

  onCleanup(client.onEvent(hear))
  createEffect(() => tabs.setVisible(visible()))
  createEffect(() => {
    if (visible()) notices.closeAll()
  })
  createEffect(() => dismiss(({ chatId }) => chatId === openChatId()))
  let rang: string[] = []
  createEffect(() => {
    const ringing = incoming().map((call) => call.id)
    for (const id of rang) if (!ringing.includes(id)) notices.close(id)
    rang = ringing
  })
  onCleanup(() => {
    tabs.setVisible(false)
    notices.closeAll()
  })
  return { banners, dismiss: (id: string) => dismiss((banner) => banner.id === id) }
}

/** A chat of the list; one that was made this moment is waited for. */
function findChat({ chats }: Client, chatId: string): Promise<Chat | undefined> {
  const find = () => chats.state.get().chats.find((chat) => chat.id === chatId)
  const known = find()
  if (known) return Promise.resolve(known)
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      stop()
      resolve(find())
    }
    const timer = setTimeout(settle, chatWaitMs)
    const stop = chats.state.subscribe(() => find() && settle())
  })
}
