import { z } from 'zod'

/** A fact in the event stream of `GET /v1/events`, such as `turn-ended`. Its other fields depend on its type; new versions of the daemon may add types. */
export const StreamedFact = z.looseObject({
  type: z.string(),
  at: z.number().describe('Unix milliseconds'),
  agentId: z.string().exactOptional(),
})
export type StreamedFact = z.infer<typeof StreamedFact>
