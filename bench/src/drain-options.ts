import { z } from 'zod'

/** How many messages a mailbox gets, and how many workers empty it. */
export const DrainOrder = z.object({
  name: z.enum(['SQLite', 'NATS']),
  at: z.string(),
  messages: z.number(),
  workers: z.number(),
})
export type DrainOrder = z.infer<typeof DrainOrder>

/** How long that took on the clock and of processors (ms), its memory in MB, and how many got another than one reply. */
export const Drained = z.object({
  seconds: z.number(),
  cpu: z.number(),
  begin: z.number(),
  peak: z.number(),
  wrong: z.number(),
})
export type Drained = z.infer<typeof Drained>
