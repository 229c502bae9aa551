import { z } from 'zod'

/** Nothing is taken, as `Rest` says. */
const rest = { since: z.number(), reason: z.string(), hint: z.string().exactOptional(), until: z.number() }

const Status = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('waiting'), since: z.number() }),
  z.looseObject({
    type: z.literal('working'),
    since: z.number(),
    messages: z.array(z.string()),
    from: z.array(z.string()),
  }),
  z.looseObject({ type: z.literal('resting'), ...rest }),
  z.looseObject({ type: z.literal('blocked'), ...rest }),
  z.looseObject({ type: z.literal('unreachable'), since: z.number(), problem: z.string() }),
  z.looseObject({ type: z.literal('stopped'), since: z.number() }),
])

const KeptSession = z.looseObject({
  id: z.string(),
  /** Turns in it that failed, in a row. */
  failures: z.number(),
  /** Up to which message (`seq`) the session knows a thread; the last that it heard of comes last. */
  threads: z.array(z.looseObject({ id: z.string(), seq: z.number() })),
})
export type KeptSession = z.infer<typeof KeptSession>

const Spent = z.looseObject({
  /** The local day that it is about. */
  day: z.string(),
  turns: z.number(),
  usd: z.number(),
  tokens: z.number(),
  /** Turns of which the provider did not say what they cost: unknown is not free. */
  withoutUsd: z.number(),
  withoutTokens: z.number(),
})
export type Spent = z.infer<typeof Spent>

/**
 * What a worker knows across restarts, and shows. Nothing of the messages that it handles depends on it: those are the
 * mailbox's. Loose: a newer worker may have written it.
 */
export const WorkerMemory = z.looseObject({
  status: Status,
  session: KeptSession.exactOptional(),
  spent: Spent.exactOptional(),
  /** The last turn, as the log has it. */
  lastTurn: z
    .looseObject({
      at: z.number(),
      outcome: z.string(),
      ms: z.number(),
      error: z.string().exactOptional(),
    })
    .exactOptional(),
})
export type WorkerMemory = z.infer<typeof WorkerMemory>
export type WorkerStatus = WorkerMemory['status']
