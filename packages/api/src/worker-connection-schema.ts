import { Severity } from '@subagent-mcp/contract'
import { z } from 'zod'

/** The body of `POST /v1/attendances`. The worker stays connected while this request is open. */
export const AttendanceBody = z.strictObject({
  name: z.string().min(1).describe('under which it is written to'),
  project: z.string().min(1).describe('default: that of its folder').exactOptional(),
  provider: z.string().exactOptional(),
  capabilities: z.array(z.string()),
  topics: z
    .array(z.string())
    .describe('of the events that it gets: ci.*, ci.>, > for all, project:> for all of its own project'),
  wakes: Severity.describe('from which on events are work for it'),
  cwd: z.string().min(1).describe("the worker's folder: one process at a time has it"),
  environment: z.record(z.string(), z.string()).describe('of its agents; never logged, never answered'),
  pid: z.number().int().positive(),
  startTime: z.string().min(1).describe('of the process: with the pid it names it for good'),
  instance: z
    .string()
    .min(1)
    .max(64)
    .describe('as which it was there at a daemon that has ended: what it took then is still its')
    .exactOptional(),
})
export type AttendanceBody = z.infer<typeof AttendanceBody>

/** The first event on a worker connection. A launch or message with this `instance` belongs to the worker. */
export const WorkerConnected = z.looseObject({ instance: z.string(), name: z.string(), project: z.string() })
export type WorkerConnected = z.infer<typeof WorkerConnected>

/** A connected worker. */
export const WorkerConnectionSchema = WorkerConnected.extend({
  pid: z.number(),
  cwd: z.string(),
  since: z.number().describe('Unix milliseconds'),
}).meta({ id: 'Attendance' })
export type WorkerConnection = z.infer<typeof WorkerConnectionSchema>

/** The workers that are connected to the daemon, the earliest first. */
export const WorkerConnectionList = z.looseObject({ attendances: z.array(WorkerConnectionSchema) })
