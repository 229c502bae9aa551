import { z } from 'zod'

/**
 * A process that writes facts. Its pid and start time name it for good in its place, and mean nothing in another; its
 * nonce is in the environment of every process that it started.
 */
export type Owner = z.infer<typeof Owner>
export const Owner = z.object({
  id: z.string(),
  kind: z.enum(['daemon', 'in-process']),
  pid: z.number(),
  startTime: z.string(),
  /** Where its pid is one: a boot and a pid namespace, say. */
  place: z.string(),
  nonce: z.string(),
  version: z.string(),
  /** Unix milliseconds at which it opened the journal. */
  since: z.number(),
})
