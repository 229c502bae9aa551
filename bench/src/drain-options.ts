import { z } from 'zod'

/** How many messages a mailbox gets, and how many workers empty it. */
export const DrainOptions = z.object({
  name: z.enum(['SQLite', 'NATS']),
  at: z.string(),
  messages: z.number(),
  workers: z.number(),
})
export type DrainOptions = z.infer<typeof DrainOptions>

/** How long that took on the clock and of processors (ms), its memory in MB, and how many got another than one reply. */
export const DrainResult = z.object({
  seconds: z.number(),
  cpu: z.number(),
  begin: z.number(),
  peak: z.number(),
  wrong: z.number(),
})
export type DrainResult = z.infer<typeof DrainResult>
