import './VolumeSlider.css'
import Volume from 'lucide-solid/icons/volume-2'
import VolumeOff from 'lucide-solid/icons/volume-x'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useCalls } from './context.tsx'

/** How loud somebody sounds here; the others hear them as before. */
export function VolumeSlider(props: { userId: string; name: string }) {
  const { t } = useI18n()
  const { hearing } = useCalls()
  const volume = () => hearing.volumeOf(props.userId)
  return (
    <label class="volume-slider">
      <Show when={volume() > 0} fallback={<VolumeOff aria-hidden="true" />}>
        <Volume aria-hidden="true" />
      </Show>
      <input
        type="range"
        min="0"
        max="100"
        step="5"
        aria-label={t().calls.volumeOf(props.name)}
        value={Math.round(volume() * 100)}
        onInput={(event) =>
          hearing.setVolume(props.userId, event.currentTarget.valueAsNumber / 100)
        }
      />
    </label>
  )
}
