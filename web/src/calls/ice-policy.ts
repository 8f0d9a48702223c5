/** Where this is `relay`, no media goes but through the relay: for whose address nobody may learn, and for tests. */
export const icePolicyKey = 'beseda.ice'

/** How calls may travel, by what was stored under `icePolicyKey`. */
export function icePolicy(stored: string | null): RTCIceTransportPolicy {
  return stored === 'relay' ? 'relay' : 'all'
}
