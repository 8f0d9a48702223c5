import type { AdminUser } from '@beseda/protocol/administration'
import { createResource } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { DeviceList } from '../profile/DeviceList.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Loaded } from '../shell/Loaded.tsx'
import { Modal } from '../ui/Modal.tsx'

/** Where somebody is signed in, and the way to end it. */
export function UserSessions(props: { user: AdminUser; onClose: () => void }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const [devices, { refetch }] = createResource(
    async () => (await rest.admin.sessions(props.user.id)).items,
  )
  const end = (sessionId?: string) =>
    attempt(async () => {
      await rest.admin.endSessions(props.user.id, sessionId)
      await refetch()
    })
  return (
    <Modal
      open
      title={t().administration.users.sessionsOf(props.user.displayName)}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <Loaded resource={devices} onRetry={() => void refetch()}>
        {(known) => <DeviceList devices={known()} onEnd={end} />}
      </Loaded>
    </Modal>
  )
}
