import { z } from 'zod'

/** The body of `POST /v1/fleet`. */
export const StartFleetBody = z.strictObject({
  file: z.string().min(1).describe('the fleet file; relative to cwd'),
  cwd: z.string().min(1).describe("the caller's folder"),
  environment: z
    .record(z.string(), z.string())
    .describe("of the workers, kept only in memory; default: the daemon's own. Never logged, never returned")
    .exactOptional(),
  pid: z.number().int().positive().describe('of the process that sends the request').exactOptional(),
})
export type StartFleetBody = z.infer<typeof StartFleetBody>

const FleetWorker = z.looseObject({
  name: z.string(),
  folder: z.string(),
  status: z
    .enum(['starting', 'running', 'blocked', 'restarting', 'given-up', 'stopped'])
    .describe(
      'starting: its process runs, and it takes no messages yet; blocked: it takes none until what lastError says is mended',
    ),
  pid: z.number().exactOptional(),
  restarts: z.number().describe('since the fleet was last started'),
  since: z.number().describe('Unix milliseconds; of the process, or of the end').exactOptional(),
  lacks: z
    .array(z.string())
    .describe(
      'names of keys that fleet up had and its process has not; fleet up again, with them, restarts it',
    )
    .exactOptional(),
  lastError: z.string().exactOptional(),
})
export type FleetWorker = z.infer<typeof FleetWorker>

export const Fleet = z.looseObject({
  file: z.string().describe('missing while no fleet runs').exactOptional(),
  workers: z.array(FleetWorker).describe('in the order of the file; while no fleet runs, those that end'),
})
export type Fleet = z.infer<typeof Fleet>

export const StopFleetAnswer = z.looseObject({ ended: z.array(z.string()).describe('names') })
