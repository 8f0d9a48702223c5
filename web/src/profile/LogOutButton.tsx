import LogOut from 'lucide-solid/icons/log-out'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'

/** The way out; asks first when messages would be lost by it. */
export function LogOutButton() {
  const { t } = useI18n()
  const client = useClient()
  const [leaving, setLeaving] = createSignal(false)
  const [unsent, setUnsent] = createSignal(0)

  const logOut = async () => {
    setLeaving(true)
    // Signed out here in any case; the server's word is not needed.
    await client.session.logout().catch(() => {})
    return true
  }
  const ask = () => {
    setUnsent(client.chats.unsentCount())
    if (unsent() === 0) void logOut()
  }

  return (
    <>
      <Button wide busy={leaving()} icon={<LogOut aria-hidden="true" />} onClick={ask}>
        {t().profile.logOut}
      </Button>
      <Show when={unsent() > 0}>
        <Confirm
          danger
          title={t().profile.unsentTitle}
          text={t().profile.unsentText(unsent())}
          action={t().profile.logOut}
          onConfirm={logOut}
          onClose={() => setUnsent(0)}
        />
      </Show>
    </>
  )
}
