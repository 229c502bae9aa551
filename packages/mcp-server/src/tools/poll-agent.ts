import { z } from 'zod'
import { describeAgent } from '../answers/describe-agent.js'
import { defineTool } from '../tool.js'

/** The tool `poll_agent`: shows the present state of one agent. */
export const pollAgentTool = defineTool({
  name: 'poll_agent',
  description: 'Status and latest stream items. For results: wait.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({
    agent_id: z.string().describe('Id or name'),
    verbose: z.boolean().optional().describe('Whole answer'),
  }),
  run: ({ agent_id, verbose = false }, context) => {
    const agent = context.agents.find(agent_id)
    return { text: describeAgent(agent, { ...context, verbose }), agents: [agent] }
  },
})
