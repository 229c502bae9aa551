import { looseObjectSchema } from '@subagent-mcp/api'
import { z } from 'zod'
import { AgentData, toAgentData } from '../answers/agent-data.js'
import { formatAgentHeading } from '../answers/describe-agent.js'
import { defineMcpTool } from '../mcp-tool.js'

export const killAgentTool = defineMcpTool({
  name: 'kill_agent',
  title: 'End agent',
  description: 'End an agent and its processes.',
  annotations: { destructiveHint: true, idempotentHint: true },
  input: z.strictObject({ agent_id: z.string().describe('Id or name') }),
  output: looseObjectSchema({ agent: AgentData }),
  run: async ({ agent_id }, context) => {
    const { agents } = context
    const before = agents.find(agent_id).phase.status
    const agent = await agents.kill(agent_id)
    const head = formatAgentHeading(agent)
    const text = before === 'ended' ? `${head} had ended already` : `${head} stopped, no process left`
    return { text, data: () => ({ agent: toAgentData(agent, context) }), agents: [agent] }
  },
})
