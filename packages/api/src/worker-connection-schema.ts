import { EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'

/** The body of `POST /v1/attendances`. The worker stays connected while this request is open. */
export const ConnectWorkerBody = z.strictObject({
  name: z.string().min(1).describe('its mailbox name'),
  project: z.string().min(1).describe('default: that of its folder').exactOptional(),
  provider: z.string().exactOptional(),
  capabilities: z.array(z.string()),
  topics: z
    .array(z.string())
    .describe('of events that it subscribes to: ci.*, ci.>, > for all, project:> for its own project'),
  wakes: EventSeverity.describe('the lowest severity of events that wake it'),
  cwd: z.string().min(1).describe("the worker's folder, of one process at a time"),
  environment: z.record(z.string(), z.string()).describe('of its agents; never logged, never returned'),
  pid: z.number().int().positive(),
  startTime: z.string().min(1).describe('of the process, which it identifies with the pid'),
  instance: z
    .string()
    .min(1)
    .max(64)
    .describe('its instance at an earlier daemon, whose taken messages it keeps')
    .exactOptional(),
})
export type ConnectWorkerBody = z.infer<typeof ConnectWorkerBody>

/** The first event on a worker connection. A launch or message with this `instance` belongs to the worker. */
export const WorkerConnected = z.looseObject({ instance: z.string(), name: z.string(), project: z.string() })
export type WorkerConnected = z.infer<typeof WorkerConnected>

export const WorkerConnectionSchema = WorkerConnected.extend({
  pid: z.number(),
  cwd: z.string(),
  since: z.number().describe('Unix milliseconds'),
}).meta({ id: 'Attendance' })
export type WorkerConnection = z.infer<typeof WorkerConnectionSchema>

export const WorkerConnectionList = z.looseObject({ attendances: z.array(WorkerConnectionSchema) })
