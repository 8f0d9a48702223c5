import type { CallSession } from '@beseda/client/calls/session'
import { openScreen } from './devices.ts'

/** Begin to show a screen, with its sound where the browser gives it; or stop. */
export async function toggleScreen(session: CallSession): Promise<void> {
  if (session.state.get().self.tracks.screen) {
    await Promise.all([session.unpublish('screen'), session.unpublish('screenAudio')])
    return
  }
  const tracks = (await openScreen()) ?? []
  await Promise.all(
    tracks.map((track) =>
      session.publish(track.kind === 'video' ? 'screen' : 'screenAudio', track),
    ),
  )
}
