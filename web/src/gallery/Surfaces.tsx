import Languages from 'lucide-solid/icons/languages'
import LogOut from 'lucide-solid/icons/log-out'
import Menu from 'lucide-solid/icons/menu'
import MessageCircle from 'lucide-solid/icons/message-circle'
import { createSignal } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Menu as MenuButton } from '../ui/Menu.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { sayDone, sayError } from '../ui/Toast.tsx'
import { Section } from './Gallery.tsx'

/** What opens, waits or stands empty. */
export function Surfaces() {
  const { t } = useI18n()
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <Section title="Modal, Menu, Toast">
        <div class="gallery__row">
          <Button onClick={() => setOpen(true)}>Modal</Button>
          <Button onClick={() => sayDone(t().profile.saved, t().app.close)}>Toast</Button>
          <Button onClick={() => sayError(t().errors.NETWORK, t().app.close)}>Toast error</Button>
          <MenuButton
            label={t().profile.menu}
            icon={<Menu aria-hidden="true" />}
            entries={[
              {
                label: t().profile.language,
                icon: <Languages aria-hidden="true" />,
                onSelect: () => {},
              },
              {
                label: t().profile.logOut,
                icon: <LogOut aria-hidden="true" />,
                danger: true,
                onSelect: () => {},
              },
            ]}
          />
        </div>
        <Modal
          open={open()}
          onClose={() => setOpen(false)}
          title={t().group.title}
          closeLabel={t().app.close}
          footer={<Button look="primary">{t().group.next}</Button>}
        >
          {t().chats.noneText}
        </Modal>
      </Section>
      <Section title="Skeleton, Spinner">
        <div class="gallery__row">
          <Skeleton round width="48px" height="48px" />
          <Skeleton width="180px" />
          <Spinner size={28} />
        </div>
      </Section>
      <Section title="EmptyState">
        <div class="gallery__panel">
          <EmptyState icon={<MessageCircle />} title={t().chats.none} text={t().chats.noneText}>
            <Button look="primary">{t().chats.findPeople}</Button>
            <Button>{t().chats.createGroup}</Button>
          </EmptyState>
        </div>
      </Section>
    </>
  )
}
