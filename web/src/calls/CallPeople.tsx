import './CallPeople.css'
import Hand from 'lucide-solid/icons/hand'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import MonitorUp from 'lucide-solid/icons/monitor-up'
import Video from 'lucide-solid/icons/video'
import X from 'lucide-solid/icons/x'
import { createMemo, Show } from 'solid-js'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { useCall } from './call-context.tsx'
import { type Participant, toParticipants } from './participants.ts'
import { PersonMenu } from './TileActions.tsx'
import { toTiles } from './tiles.ts'

/** Who is in the call, raised hands first. */
export function CallPeople() {
  const { t } = useI18n()
  const { state, self, view } = useCall()
  const people = createMemo(() => toParticipants(toTiles(state(), self())))
  return (
    <aside class="call-panel call-people" aria-label={t().calls.people}>
      <header class="call-panel__header">
        <h3>{t().calls.people}</h3>
        <IconButton label={t().app.close} side="bottom" onClick={view.closePanel}>
          <X aria-hidden="true" />
        </IconButton>
      </header>
      <ul class="call-people__list">
        <Keyed each={people()} by={({ face }) => face.userId}>
          {(person) => <Row person={person()} />}
        </Keyed>
      </ul>
    </aside>
  )
}

function Row(props: { person: Participant }) {
  const { t } = useI18n()
  const { state } = useCall()
  const face = () => props.person.face
  const name = () => (face().own ? t().calls.you : face().name)
  const listens = () => {
    const peer = state().peers.find(({ userId }) => userId === face().userId)
    const publish = peer ? peer.publish : state().self.publish
    return publish !== null && !publish.includes('microphone')
  }
  const marks = () => {
    const said: string[] = []
    if (face().handRaisedAt) said.push(t().calls.handIsUp)
    if (listens()) said.push(t().calls.listener)
    else if (face().muted) said.push(t().calls.muted)
    if (props.person.sharing) said.push(t().calls.sharing)
    return said
  }
  return (
    <li class="call-people__row" aria-label={[name(), ...marks()].join(', ')}>
      <Avatar
        {...userFace({
          id: face().userId,
          displayName: face().name,
          avatarId: face().avatarId,
        })}
        size="s"
      />
      <span class="call-people__text">
        <span class="call-people__name" dir="auto">
          {name()}
        </span>
        {/* The other marks have their icons. */}
        <Show when={listens()}>
          <span class="call-people__note">{t().calls.listener}</span>
        </Show>
      </span>
      <span class="call-people__marks" aria-hidden="true">
        <Show when={face().handRaisedAt}>
          <Hand class="call-people__hand" />
        </Show>
        <Show when={props.person.sharing}>
          <MonitorUp />
        </Show>
        <Show when={face().video}>
          <Video />
        </Show>
        <Show when={face().muted} fallback={<Mic />}>
          <MicOff />
        </Show>
      </span>
      <PersonMenu tile={face()} />
    </li>
  )
}
