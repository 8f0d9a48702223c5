import './LevelMeter.css'
import { useI18n } from '../i18n/i18n.tsx'
import { createLevel } from './level.ts'

/** How loud a microphone is heard. */
export function LevelMeter(props: { track: MediaStreamTrack | null }) {
  const { t } = useI18n()
  const level = createLevel(() => props.track)
  return (
    <div class="level-meter">
      <meter class="hidden-visually" aria-label={t().calls.settings.level} value={level()} />
      <span style={{ transform: `scaleX(${level()})` }} />
    </div>
  )
}
