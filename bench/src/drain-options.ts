import { z } from 'zod'

/** Options of a mail-drain process: the mailbox that it fills, and the numbers of messages and of workers. */
export const DrainOptions = z.object({
  name: z.enum(['SQLite', 'NATS']),
  at: z.string(),
  messages: z.number(),
  workers: z.number(),
})
export type DrainOptions = z.infer<typeof DrainOptions>

/**
 * The time to empty the mailbox in seconds, processor time in milliseconds, memory at the beginning and at most in
 * MB, and the number of messages without exactly one reply.
 */
export const DrainResult = z.object({
  seconds: z.number(),
  cpu: z.number(),
  begin: z.number(),
  peak: z.number(),
  wrong: z.number(),
})
export type DrainResult = z.infer<typeof DrainResult>
