import { z } from 'zod'
import { looseObject } from './loose-object.js'

/** A question that waits for an answer, as a whole: nothing of its input is left out. */
export const PendingQuestion = z
  .looseObject({
    agentId: z.string(),
    name: z.string().exactOptional(),
    provider: z.string(),
    cwd: z.string(),
    project: z.string(),
    requestId: z.string(),
    tool: z.string(),
    input: z.unknown().describe("the tool's, as the CLI gave it").optional(),
    by: z.string().describe('what of the policy made it a question').exactOptional(),
    humanOnly: z.boolean().describe("a model's yes does not count").exactOptional(),
    askedAt: z.number(),
    until: z.number().describe('when it is denied, if nobody has answered').exactOptional(),
    parked: z
      .literal(true)
      .describe('nobody answered in time: no turn waits, and an answer wakes the agent')
      .exactOptional(),
    shown: z
      .boolean()
      .describe('the user of the host that launched the agent is being asked')
      .exactOptional(),
  })
  .meta({ id: 'PendingQuestion' })
export type PendingQuestion = z.infer<typeof PendingQuestion>

/** A line of the audit log: a question of an agent's, or what became of one. */
export const PermissionRecordSchema = looseObject({
  at: z.number(),
  agentId: z.string(),
  name: z.string().exactOptional(),
  provider: z.string(),
  cwd: z.string(),
  requestId: z.string(),
  tool: z.string(),
  call: z.string().describe('the tool and its input, shortened'),
  event: z.enum(['asked', 'allowed', 'denied', 'withdrawn']),
  through: z.enum(['policy', 'elicitation', 'tool', 'terminal', 'http', 'deadline']).exactOptional(),
  who: z.string().describe('the host or the program that answered').exactOptional(),
  why: z.string().describe('what of the policy decided, or the reason of the answer').exactOptional(),
}).meta({ id: 'PermissionRecord' })
export type PermissionRecord = z.infer<typeof PermissionRecordSchema>
