import '../profile/MenuModal.css'
import { createSignal } from 'solid-js'
import { userFace } from '../chats/face.ts'
import { BannerCard } from '../notifications/Banners.tsx'
import { iconFor } from '../notifications/badge.ts'
import { NotificationSettings } from '../notifications/NotificationSettings.tsx'
import type { Banner } from '../notifications/notifier.ts'
import type { Permission, NotificationSettings as Settings } from '../notifications/settings.ts'
import { anna, boris } from './fixtures.ts'
import { Section } from './Gallery.tsx'

const banners: Banner[] = [
  { id: '1', chatId: '1', face: userFace(boris), title: 'Борис Годунов', body: 'Привет!' },
  {
    id: '2',
    chatId: '2',
    face: userFace(anna),
    title: 'Анна Каренина · Очень длинное название беседы о походах на север',
    body: 'Смотрите, что я нашла: это совсем длинное сообщение, от которого видно только начало, остальное лучше читать в самом чате',
  },
]
const permissions: Permission[] = ['granted', 'default', 'denied', 'unavailable']

function specimen(permission: Permission): Settings {
  const [wishes, setWishes] = createSignal({ browser: true, sound: true, previews: true })
  return {
    wishes,
    permission: () => permission,
    isOn: () => permission === 'granted' && wishes().browser,
    wish: (change) => setWishes((before) => ({ ...before, ...change })),
    turnOn: async () => false,
  }
}

/** What tells of messages, and its settings with each answer of the browser. */
export function Notices() {
  const nothing = () => {}
  return (
    <Section title="Banner, NotificationSettings, tab icon">
      <div class="gallery__row">
        {[0, 1, 9, 10, 120].map((count) => (
          <img src={iconFor(count)} alt={String(count)} width="32" height="32" />
        ))}
      </div>
      <div class="gallery__fields">
        {banners.map((banner) => (
          <BannerCard banner={banner} onOpen={nothing} onDismiss={nothing} />
        ))}
      </div>
      <div class="gallery__fields">
        {permissions.map((permission) => (
          <div class="menu-modal__part">
            <NotificationSettings settings={specimen(permission)} />
          </div>
        ))}
      </div>
    </Section>
  )
}
