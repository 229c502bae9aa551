import { z } from 'zod'
import { looseObjectSchema } from './response-schemas.js'

/** A permission request that waits for an answer, with the whole input of its tool call. */
export const PendingPermissionRequest = z
  .looseObject({
    agentId: z.string(),
    name: z.string().exactOptional(),
    provider: z.string(),
    cwd: z.string(),
    project: z.string(),
    requestId: z.string(),
    tool: z.string(),
    input: z.unknown().describe("the tool's, as the CLI gave it").optional(),
    by: z.string().describe('the part of the policy that requires an answer').exactOptional(),
    humanOnly: z.boolean().describe('a model cannot allow it').exactOptional(),
    askedAt: z.number(),
    until: z.number().describe('when it is denied without an answer').exactOptional(),
    parked: z
      .literal(true)
      .describe('not answered in time: no turn waits, and a later answer wakes the agent')
      .exactOptional(),
    shown: z
      .boolean()
      .describe('the user of the host that launched the agent is being asked')
      .exactOptional(),
  })
  .meta({ id: 'PendingQuestion' })
export type PendingPermissionRequest = z.infer<typeof PendingPermissionRequest>

/** A line of the audit log: an agent's permission request, or its outcome. */
export const PermissionAuditRecordSchema = looseObjectSchema({
  at: z.number(),
  agentId: z.string(),
  name: z.string().exactOptional(),
  provider: z.string(),
  cwd: z.string(),
  requestId: z.string(),
  tool: z.string(),
  call: z.string().describe('the tool and its input, shortened'),
  event: z.enum(['asked', 'allowed', 'denied', 'withdrawn']),
  through: z.enum(['policy', 'elicitation', 'tool', 'terminal', 'page', 'http', 'deadline']).exactOptional(),
  who: z.string().describe('the host or the program that answered').exactOptional(),
  why: z
    .string()
    .describe('the part of the policy that decided, or the reason of the answer')
    .exactOptional(),
}).meta({ id: 'PermissionRecord' })
export type PermissionAuditRecord = z.infer<typeof PermissionAuditRecordSchema>
