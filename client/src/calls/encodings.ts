import type { Source } from '@beseda/protocol/media'
import type { types } from 'mediasoup-client'

/** Three simulcast layers of a 720p camera: quarter, half and full size. */
export const cameraEncodings: types.RtpEncodingParameters[] = [
  { rid: 'r0', scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { rid: 'r1', scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
  { rid: 'r2', scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: 'L1T3' },
]

/** A screen is kept sharp: one layer of full size. */
const screenEncodings: types.RtpEncodingParameters[] = [
  { maxBitrate: 2_500_000, scalabilityMode: 'L1T3' },
]

/** How a source is sent: codec, simulcast layers (bit/s), Opus with DTX and FEC for speech. */
export function producerOptions(
  source: Source,
  device: types.Device,
): Pick<types.ProducerOptions, 'encodings' | 'codecOptions' | 'codec'> {
  switch (source) {
    case 'microphone':
      return { codecOptions: { opusDtx: true, opusFec: true, opusNack: true } }
    case 'screenAudio':
      return { codecOptions: { opusStereo: true, opusFec: true, opusNack: true } }
    case 'camera':
      return { ...vp8(device), encodings: cameraEncodings }
    case 'screen':
      return { ...vp8(device), encodings: screenEncodings }
  }
}

/** VP8, where this device has it: all three layers in every browser. */
function vp8(device: types.Device): { codec?: types.RtpCodecCapability } {
  const codec = device.sendRtpCapabilities.codecs?.find(
    ({ mimeType }) => mimeType.toLowerCase() === 'video/vp8',
  )
  return codec ? { codec } : {}
}
