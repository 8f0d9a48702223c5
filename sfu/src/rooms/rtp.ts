import type { RtpCapabilities, RtpParameters } from '@beseda/protocol/media'
import type { types } from 'mediasoup'

/**
 * The contract's shapes and mediasoup's are the same on the wire. Their types
 * differ in width only (`unknown` parameters, known header extensions), and
 * mediasoup checks the values itself, so they pass between the two here.
 */

/** Parsed parameters, for mediasoup to check further. */
export function toMediasoupParameters(parameters: RtpParameters): types.RtpParameters {
  return parameters as types.RtpParameters
}

/** Parsed capabilities, for mediasoup to check further. */
export function toMediasoupCapabilities(capabilities: RtpCapabilities): types.RtpCapabilities {
  return capabilities as types.RtpCapabilities
}

/** What mediasoup sends to a consumer, as the contract has it. */
export function fromMediasoupParameters(parameters: types.RtpParameters): RtpParameters {
  return parameters as RtpParameters
}

/** What a router can do, as the contract has it. */
export function fromMediasoupCapabilities(capabilities: types.RtpCapabilities): RtpCapabilities {
  return capabilities as RtpCapabilities
}
