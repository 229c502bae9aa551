import { z } from 'zod'

/**
 * A process that writes facts. Pid and start time identify it within its `place`; its `nonce` is in the environment
 * of every process that it starts.
 */
export type Owner = z.infer<typeof Owner>
export const Owner = z.object({
  id: z.string(),
  kind: z.enum(['daemon', 'in-process']),
  pid: z.number(),
  startTime: z.string(),
  /** The scope of the pid, such as a boot and a pid namespace. */
  place: z.string(),
  nonce: z.string(),
  version: z.string(),
  /** Unix milliseconds at which it opened the journal. */
  since: z.number(),
})
