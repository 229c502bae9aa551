import { z } from 'zod'

/** A worker of a fleet file. `words`: the words of its command line after `subagent-mcp worker`. */
export const WorkerEntry = z.strictObject({
  name: z.string(),
  folder: z.string(),
  words: z.array(z.string()),
})
export type WorkerEntry = z.infer<typeof WorkerEntry>

/** The most restarts of a worker within a time in milliseconds. After more restarts the worker is given up. */
export const RestartLimit = z.strictObject({ max: z.number(), withinMs: z.number() })
export type RestartLimit = z.infer<typeof RestartLimit>

/** A process, identified by its pid and start time, because pids are reused. */
export const WorkerProcess = z.strictObject({ pid: z.number(), startTime: z.string() })
export type WorkerProcess = z.infer<typeof WorkerProcess>

/**
 * The state of a worker. `ending`: its process was asked to end; `then` is the next step, and `process` is missing if the process had not
 * started yet. `parked`: the next daemon starts the worker again. `due`: the time of the restart. Times are Unix milliseconds. `keys`: the
 * names of the API keys in the environment of the process; missing if that environment is not known.
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
  /** The number of restarts since the last `fleet up` that started the worker. */
  restarts: z.number(),
  /** The times of the newest restarts, in Unix milliseconds. */
  recent: z.array(z.number()),
  lastError: z.string().exactOptional(),
})
export type FleetMember = z.infer<typeof FleetMember>
