import { ownAgents } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeInOneLine } from '../describe-agent.js'
import { describeLimits } from '../describe-limits.js'
import { defineTool } from '../tool.js'

/** Shows every agent in a line. */
export const listAgents = defineTool({
  name: 'list_agents',
  description: 'One line an agent.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  run: (_input, context) => {
    const agents = ownAgents(context.supervisor.fleet(), context.caller)
    const lines = agents.map((agent) => describeInOneLine(agent, context))
    const { supervisor } = context
    const limits = describeLimits(supervisor.fleet(), supervisor.clock.now())
    if (agents.length === 0) lines.push('no agents yet\nnext: launch_agent')
    return { text: [...lines, ...limits].join('\n'), agents }
  },
})
