import { z } from 'zod'
import { defineTool } from '../tool.js'

/** The tool `kill_agent`: kills an agent with all its processes. */
export const killAgentTool = defineTool({
  name: 'kill_agent',
  description: 'End an agent and its processes.',
  annotations: { destructiveHint: true, idempotentHint: true },
  input: z.strictObject({ agent_id: z.string() }),
  run: async ({ agent_id }, { agents }) => {
    const before = agents.find(agent_id).phase.status
    const agent = await agents.kill(agent_id)
    const text =
      before === 'ended'
        ? `agent ${agent_id} had ended already`
        : `agent ${agent_id} stopped, no process left`
    return { text, agents: [agent] }
  },
})
