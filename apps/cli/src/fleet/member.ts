import { z } from 'zod'

/** A worker that is to run: the words are those after `subagent-mcp worker`. */
export const WorkerEntry = z.strictObject({
  name: z.string(),
  folder: z.string(),
  words: z.array(z.string()),
})
export type WorkerEntry = z.infer<typeof WorkerEntry>

/** How often a worker may be restarted within a time, in milliseconds: then it is given up. */
export const RestartLimit = z.strictObject({ max: z.number(), withinMs: z.number() })
export type RestartLimit = z.infer<typeof RestartLimit>

/** What names a process for good. */
export const WorkerProcess = z.strictObject({ pid: z.number(), startTime: z.string() })
export type WorkerProcess = z.infer<typeof WorkerProcess>

/**
 * What a worker does, with what is true then. `ending`: its process was told to end, and what comes then; that of one
 * that had none yet when it was told is missing. `parked`: it runs again with the next daemon. Times are Unix milliseconds.
 * `keys`: the names of the keys in the environment of its process; missing where that environment is not known.
 */
const MemberLife = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('starting') }),
  z.strictObject({
    status: z.literal('running'),
    process: WorkerProcess,
    since: z.number(),
    keys: z.array(z.string()).exactOptional(),
  }),
  z.strictObject({ status: z.literal('restarting'), due: z.number() }),
  z.strictObject({
    status: z.literal('ending'),
    process: WorkerProcess.exactOptional(),
    then: z.enum(['start', 'park', 'leave']),
  }),
  z.strictObject({ status: z.literal('parked') }),
  z.strictObject({ status: z.literal('stopped'), since: z.number() }),
  z.strictObject({ status: z.literal('given-up'), since: z.number() }),
])
export type MemberLife = z.infer<typeof MemberLife>

/** One worker of a fleet. */
export const FleetMember = z.strictObject({
  entry: WorkerEntry,
  life: MemberLife,
  /** Since it was last brought up. */
  restarts: z.number(),
  /** When the newest of them were. */
  recent: z.array(z.number()),
  lastError: z.string().exactOptional(),
})
export type FleetMember = z.infer<typeof FleetMember>
