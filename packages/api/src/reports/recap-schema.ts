import { z } from 'zod'
import { AgentStatusSchema, failureShape, UsageSchema } from '../agent-schema.js'
import { ResultGrade } from '../checks/check-schema.js'
import { readonlyListSchema, looseObjectSchema } from '../response-schemas.js'

export const RecapQuery = z.strictObject({
  since: z.coerce
    .number()
    .int()
    .min(0)
    .describe('Unix milliseconds; default: eight hours ago')
    .exactOptional(),
})

export type RecapQuery = z.infer<typeof RecapQuery>

/** The fact that a line of the recap is from, with its number as in `GET /v1/events`. */
const factShape = { seq: z.number(), at: z.number() }

/** Who decided that a call may run: `cli` means that the CLI did not ask. */
const deciders = ['policy', 'person', 'model', 'program', 'deadline', 'cli'] as const
export type ToolCallDecisionSource = (typeof deciders)[number]

const RecapCommand = looseObjectSchema({
  ...factShape,
  command: z.string().describe('the tool call in one line, cut; secrets are masked'),
  by: z.enum(deciders),
  why: z
    .string()
    .describe('the rule, the program that answered, or the reason that was given')
    .exactOptional(),
  outcome: z
    .enum(['ran', 'failed', 'denied', 'open'])
    .describe('open: no end was seen, or nobody has answered'),
})
export type RecapCommand = z.infer<typeof RecapCommand>

const RecapAgent = looseObjectSchema({
  id: z.string(),
  name: z.string().exactOptional(),
  provider: z.string(),
  model: z.string().exactOptional(),
  project: z.string(),
  status: AgentStatusSchema,
  launched: looseObjectSchema({ ...factShape, prompt: z.string().describe('cut') })
    .describe('missing if it was launched earlier')
    .exactOptional(),
  files: readonlyListSchema(looseObjectSchema({ ...factShape, path: z.string() })).describe(
    'files that its calls edited or deleted, by their last change; at most 100',
  ),
  moreFiles: z.number(),
  commands: readonlyListSchema(RecapCommand).describe('the newest 100, oldest first'),
  moreCommands: z.number(),
  network: readonlyListSchema(
    looseObjectSchema({
      ...factShape,
      type: z.enum(['network', 'push']),
      host: z.string().exactOptional(),
      call: z.string().exactOptional(),
    }),
  ).describe('uses of the network that calls show; at most 50'),
  notSeen: readonlyListSchema(
    looseObjectSchema({ ...factShape, what: z.string(), count: z.number() }),
  ).describe('what cannot be known from the journal, each with its first fact'),
  grades: readonlyListSchema(looseObjectSchema({ ...factShape, grade: ResultGrade })).describe(
    'of checked results',
  ),
  failures: readonlyListSchema(
    looseObjectSchema({ ...factShape, reason: failureShape.reason, message: z.string() }),
  ),
  turns: z.number().describe('that ended'),
  usage: UsageSchema.describe('of these turns; unknown amounts are missing'),
  turnsWithoutCost: z.number(),
})
export type RecapAgent = z.infer<typeof RecapAgent>

const RecapNeed = looseObjectSchema({
  agentId: z.string(),
  name: z.string().exactOptional(),
  type: z.enum(['permission', 'failure', 'rejected', 'changes']),
  text: z.string(),
  next: z.string().describe('the command for it, without the name of the program'),
})
export type RecapPendingItem = z.infer<typeof RecapNeed>

/** The answer to `GET /v1/recap`. */
export const RecapReport = looseObjectSchema({
  since: z.number(),
  until: z.number(),
  needs: readonlyListSchema(RecapNeed).describe('what waits for the user now'),
  agents: readonlyListSchema(RecapAgent).describe(
    'those with facts in this time, the newest first; at most 200',
  ),
  moreAgents: z.number(),
})
export type RecapReport = z.infer<typeof RecapReport>
