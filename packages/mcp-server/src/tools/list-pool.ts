import { PooledAgentList } from '@subagent-mcp/api'
import { z } from 'zod'
import { describePool } from '../answers/describe-pool.js'
import { defineMcpTool } from '../mcp-tool.js'

export const listPoolTool = defineMcpTool({
  name: 'list',
  title: 'Definitions',
  description: 'Defined agents: what they are for; processes, tasks, tokens and cost of the active ones.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  output: PooledAgentList,
  run: (_input, { agents, supervisor }) => {
    const definitions = agents.definitions()
    const text = describePool(definitions, supervisor.clock.now())
    return { text, data: () => ({ agents: definitions }), agents: [] }
  },
})
