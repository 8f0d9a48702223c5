import { z } from 'zod'
import { iceServersSchema } from './calls.ts'

/** What it takes to try every way that a call could take, without a call. */
export const diagnosisSchema = z.object({
  /** Every SFU that is up: where its signalling is, and the token for its request `probe`. */
  nodes: z.array(z.object({ url: z.string(), token: z.string() })),
  iceServers: iceServersSchema,
})
export type Diagnosis = z.infer<typeof diagnosisSchema>

/** Seconds for which the SFU keeps what a probe opened. */
export const probeSeconds = 60
