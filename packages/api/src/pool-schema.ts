import type { ListedAgent } from '@subagent-mcp/mcp-server'
import type { AgentFigures, PooledProcess } from '@subagent-mcp/pool'
import { z } from 'zod'
import { UsageSchema } from './agent-schema.js'

/** A warm process, or one that is on its way to be one or to its end. */
export const PooledProcessSchema: z.ZodType<PooledProcess> = z
  .looseObject({
    key: z.string().describe('the recipe by which it was made'),
    agent: z.string(),
    project: z.string(),
    provider: z.string(),
    pid: z.number().exactOptional(),
    status: z.enum(['starting', 'warm', 'working', 'resetting', 'ending']),
    startedAt: z.number(),
    tasks: z.number().describe('how many it has served'),
    memory: z.number().describe('resident bytes').exactOptional(),
    lastResetAt: z.number().exactOptional(),
  })
  .meta({ id: 'PooledProcess' })

const AgentFigures: z.ZodType<AgentFigures> = z.looseObject({
  tasks: z.number(),
  usage: UsageSchema,
  processes: z.number().describe('how many were started'),
})

/** A definition, with its processes and what its tasks took since the daemon started. */
export const ListedAgentSchema: z.ZodType<ListedAgent> = z.looseObject({
  name: z.string(),
  description: z.string(),
  provider: z.string(),
  path: z.string(),
  problem: z.string().describe('why it cannot be used').exactOptional(),
  processes: z.array(PooledProcessSchema),
  figures: AgentFigures,
})
