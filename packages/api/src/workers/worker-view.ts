import { z } from 'zod'

/** A worker of the daemon. */
export const WorkerView = z
  .looseObject({
    name: z.string(),
    folder: z.string(),
    status: z
      .enum(['starting', 'running', 'blocked', 'restarting', 'given-up', 'stopped'])
      .describe(
        'starting: it takes no messages yet; blocked: it takes none until what lastError says is repaired',
      ),
    kept: z.boolean().describe('whether the daemon keeps it, instead of a command that waits for it'),
    restarts: z.number().describe('since it was last started'),
    since: z.number().describe('Unix milliseconds; of the start, or of the end').exactOptional(),
    lacks: z
      .array(z.string())
      .describe(
        'names of keys that its environment had when it was started and has not since the daemon was restarted',
      )
      .exactOptional(),
    lastError: z.string().exactOptional(),
  })
  .meta({ id: 'Worker' })
export type WorkerView = z.infer<typeof WorkerView>

/** The workers that a fleet file names, which the daemon keeps running. */
export const WorkerFleet = z.looseObject({
  file: z.string().describe('missing while no fleet runs').exactOptional(),
  workers: z.array(WorkerView).describe('in the order of the file; while no fleet runs, those that end'),
})
export type WorkerFleet = z.infer<typeof WorkerFleet>

/** The answer to stopping the fleet: the names of the ended workers. */
export const StopFleetAnswer = z.looseObject({ ended: z.array(z.string()).describe('names') })

/** Data of an event of a worker's stream: a line of its log or a status, also as text. Replicas are numbered from 1. */
export const WorkerLogLine = z.looseObject({
  at: z.number().describe('Unix milliseconds'),
  replica: z.number(),
  text: z.string(),
  event: z.record(z.string(), z.unknown()),
})
export type WorkerLogLine = z.infer<typeof WorkerLogLine>

/** Data of the last event of a worker's stream: how each replica ended, or the error with which the worker was given up. */
export const WorkerStreamEnd = z.looseObject({
  ends: z
    .array(
      z.discriminatedUnion('type', [
        z.looseObject({ type: z.literal('stopped') }),
        z.looseObject({ type: z.literal('once'), result: z.enum(['nothing', 'handled', 'failed', 'lost']) }),
        z.looseObject({ type: z.literal('resting') }),
        z.looseObject({ type: z.literal('blocked') }),
      ]),
    )
    .exactOptional(),
  error: z
    .looseObject({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })
    .exactOptional(),
})
export type WorkerStreamEnd = z.infer<typeof WorkerStreamEnd>
