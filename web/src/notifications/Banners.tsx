import './Banners.css'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import type { Banner } from './notifier.ts'

/** How long a banner stands that nobody points at. */
const standsMs = 6_000

/** Messages of other chats, told of while the page is in sight; a press opens the chat. */
export function Banners(props: {
  banners: Banner[]
  onOpen: (chatId: string) => void
  onDismiss: (id: string) => void
}) {
  return (
    <div class="banners" role="status">
      <Keyed each={props.banners} by={(banner) => banner.id}>
        {(banner) => (
          <BannerCard
            banner={banner()}
            onOpen={() => props.onOpen(banner().chatId)}
            onDismiss={() => props.onDismiss(banner().id)}
          />
        )}
      </Keyed>
    </div>
  )
}

/** One message: who writes and where, the beginning of it, and the way to close it. */
export function BannerCard(props: { banner: Banner; onOpen: () => void; onDismiss: () => void }) {
  const { t } = useI18n()
  const [held, setHeld] = createSignal(false)
  createEffect(() => {
    if (held()) return
    const timer = setTimeout(() => props.onDismiss(), standsMs)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div
      class="banner"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <button type="button" class="banner__open" onClick={() => props.onOpen()}>
        <Avatar {...props.banner.face} size="s" />
        <span class="banner__text">
          <strong dir="auto">{props.banner.title}</strong>
          <span dir="auto">{props.banner.body}</span>
        </span>
      </button>
      <button
        type="button"
        class="banner__close"
        aria-label={t().app.close}
        onClick={() => props.onDismiss()}
      >
        <X aria-hidden="true" />
      </button>
    </div>
  )
}
