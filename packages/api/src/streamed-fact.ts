import { z } from 'zod'

/**
 * A fact in the stream of `GET /v1/events`, such as `turn-ended`. What else it holds depends on its type; new versions
 * of the daemon bring new types.
 */
export const StreamedFact = z.looseObject({
  type: z.string(),
  at: z.number().describe('Unix milliseconds'),
  agentId: z.string().exactOptional(),
})
export type StreamedFact = z.infer<typeof StreamedFact>
