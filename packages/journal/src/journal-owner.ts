import { z } from 'zod'

/** A process that writes facts. Pid and start time identify it in its `place`; its children carry its `nonce`. */
export type JournalOwner = z.infer<typeof JournalOwner>
export const JournalOwner = z.object({
  id: z.string(),
  kind: z.enum(['daemon', 'in-process']),
  pid: z.number(),
  startTime: z.string(),
  /** The scope in which the pid is valid, such as a boot and a pid namespace. */
  place: z.string(),
  nonce: z.string(),
  version: z.string(),
  /** Unix milliseconds at which the owner opened the journal. */
  since: z.number(),
})
