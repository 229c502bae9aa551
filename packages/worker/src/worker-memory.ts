import { z } from 'zod'

/** The fields of a status in which the worker takes no messages. */
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

const StoredWorkerSession = z.looseObject({
  id: z.string(),
  /** The number of failed turns in a row in this session. */
  failures: z.number(),
  /** The last message (`seq`) of each thread that the session knows; the most recently used thread comes last. */
  threads: z.array(z.looseObject({ id: z.string(), seq: z.number() })),
})
export type StoredWorkerSession = z.infer<typeof StoredWorkerSession>

const SpentWorkerBudget = z.looseObject({
  /** The local day on which the turns ran, as `YYYY-MM-DD`. */
  day: z.string(),
  turns: z.number(),
  usd: z.number(),
  tokens: z.number(),
  /** The number of turns whose cost the provider did not report. */
  withoutUsd: z.number(),
  withoutTokens: z.number(),
})
export type SpentWorkerBudget = z.infer<typeof SpentWorkerBudget>

/**
 * The stored state of a worker. Handling of messages does not depend on it, because the mailbox keeps their state.
 * Unknown fields are kept, because a newer worker may have written them.
 */
export const WorkerMemory = z.looseObject({
  status: Status,
  session: StoredWorkerSession.exactOptional(),
  spent: SpentWorkerBudget.exactOptional(),
  /** The last turn of the worker, as in its log. */
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
