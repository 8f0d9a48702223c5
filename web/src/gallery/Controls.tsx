import MessageCirclePlus from 'lucide-solid/icons/message-circle-plus'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import Phone from 'lucide-solid/icons/phone'
import PhoneOff from 'lucide-solid/icons/phone-off'
import Users from 'lucide-solid/icons/users'
import Video from 'lucide-solid/icons/video'
import { createSignal, For } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { TextField } from '../ui/TextField.tsx'
import { people } from './fixtures.ts'
import { Section } from './Gallery.tsx'

const looks = ['primary', 'quiet', 'go', 'danger'] as const

/** Buttons, fields, avatars and rows. */
export function Controls() {
  const { t } = useI18n()
  const [name, setName] = createSignal('Север')
  const [query, setQuery] = createSignal('')
  const [picked, setPicked] = createSignal(true)
  return (
    <>
      <Section title="Button">
        <For each={['large', 'medium', 'small'] as const}>
          {(size) => (
            <div class="gallery__row">
              <For each={looks}>
                {(look) => (
                  <Button look={look} size={size} icon={<Phone aria-hidden="true" />}>
                    {t().header.audioCall}
                  </Button>
                )}
              </For>
              <Button look="primary" size={size} busy>
                {t().auth.logIn}
              </Button>
              <Button look="primary" size={size} disabled>
                {t().group.next}
              </Button>
            </div>
          )}
        </For>
      </Section>
      <Section title="IconButton">
        <div class="gallery__row">
          <IconButton label={t().header.members}>
            <Users aria-hidden="true" />
          </IconButton>
          <IconButton label={t().header.members} pressed>
            <Users aria-hidden="true" />
          </IconButton>
          <IconButton label={t().header.members} disabled>
            <Users aria-hidden="true" />
          </IconButton>
          <IconButton label={t().chats.createGroup} look="primary">
            <MessageCirclePlus aria-hidden="true" />
          </IconButton>
          <IconButton label={t().calls.mute} look="raised" size="large">
            <Mic aria-hidden="true" />
          </IconButton>
          <IconButton label={t().calls.unmute} look="off" size="large">
            <MicOff aria-hidden="true" />
          </IconButton>
          <IconButton label={t().calls.acceptVideo} look="go" size="large">
            <Video aria-hidden="true" />
          </IconButton>
          <IconButton label={t().calls.leave} look="danger" size="large">
            <PhoneOff aria-hidden="true" />
          </IconButton>
        </div>
      </Section>
      <Section title="TextField, SearchField">
        <div class="gallery__fields">
          <TextField label={t().group.name} value={name()} onInput={setName} maxLength={100} />
          <TextField
            label={t().auth.username}
            value="Ан"
            onInput={() => {}}
            error={t().auth.usernameShort(3)}
          />
          <TextField
            label={t().auth.password}
            value=""
            onInput={() => {}}
            type="password"
            hint={t().auth.passwordHint(8)}
          />
          <TextField
            label={t().group.description}
            value=""
            onInput={() => {}}
            rows={3}
            maxLength={500}
          />
          <SearchField
            label={t().chats.search}
            clearLabel={t().app.clear}
            value={query()}
            onInput={setQuery}
            busy={query() !== ''}
          />
          <div>
            <CheckRow label="Анна" checked={picked()} onChange={setPicked}>
              <Avatar id="a" name="Анна Каренина" size="s" status="online" />
              Анна Каренина
            </CheckRow>
            <CheckRow label="Борис" checked={false} onChange={() => {}}>
              <Avatar id="b" name="Борис" size="s" status="away" />
              Борис
            </CheckRow>
          </div>
        </div>
      </Section>
      <Section title="Avatar">
        <div class="gallery__row">
          <For each={people}>
            {(user) => (
              <Avatar id={user.id} name={user.displayName} status={user.status} size="m" />
            )}
          </For>
          <For each={['xs', 's', 'm', 'l', 'xl'] as const}>
            {(size) => (
              <Avatar id="logo" name="Beseda" src="/favicon.svg" size={size} status="dnd" />
            )}
          </For>
        </div>
      </Section>
    </>
  )
}
