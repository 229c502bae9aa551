import { z } from 'zod'
import { UsageSchema } from './agent-schema.js'
import { readonlyListSchema, looseObjectSchema } from './response-schemas.js'

export const PooledProcessSchema = looseObjectSchema({
  key: z.string().describe('identifies the session spec it was made from'),
  agent: z.string(),
  project: z.string(),
  provider: z.string(),
  pid: z.number().exactOptional(),
  status: z.enum(['starting', 'warm', 'working', 'resetting', 'ending']),
  startedAt: z.number(),
  tasks: z.number().describe('tasks that it has finished'),
  memory: z.number().describe('resident bytes').exactOptional(),
  lastResetAt: z.number().exactOptional(),
}).meta({ id: 'PooledProcess' })
export type PooledProcess = z.infer<typeof PooledProcessSchema>

const AgentFigures = looseObjectSchema({
  tasks: z.number(),
  usage: UsageSchema,
  processes: z.number().describe('how many were started'),
})
/** Tasks and usage of one definition since the daemon started, also from processes that have ended. */
export type PooledAgentUsage = z.infer<typeof AgentFigures>

/** A definition of an agent, with its pooled processes and the usage of its tasks since the daemon started. */
export const PooledAgentSchema = looseObjectSchema({
  name: z.string(),
  description: z.string(),
  provider: z.string(),
  path: z.string(),
  builtIn: z.literal(true).describe('shipped with the program').exactOptional(),
  problem: z.string().describe('why it cannot be used').exactOptional(),
  processes: readonlyListSchema(PooledProcessSchema),
  figures: AgentFigures,
})
export type PooledAgent = z.infer<typeof PooledAgentSchema>
