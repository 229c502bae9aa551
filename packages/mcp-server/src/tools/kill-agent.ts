import { z } from 'zod'
import { agentHeading } from '../answers/describe-agent.js'
import { defineTool } from '../tool.js'

/** The tool `kill_agent`: kills an agent with all its processes. */
export const killAgentTool = defineTool({
  name: 'kill_agent',
  description: 'End an agent and its processes.',
  annotations: { destructiveHint: true, idempotentHint: true },
  input: z.strictObject({ agent_id: z.string().describe('Id or name') }),
  run: async ({ agent_id }, { agents }) => {
    const before = agents.find(agent_id).phase.status
    const agent = await agents.kill(agent_id)
    const head = agentHeading(agent)
    const text = before === 'ended' ? `${head} had ended already` : `${head} stopped, no process left`
    return { text, agents: [agent] }
  },
})
