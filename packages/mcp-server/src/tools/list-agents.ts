import { z } from 'zod'
import { describeInOneLine } from '../describe-agent.js'
import { defineTool } from '../tool.js'

/** Shows every agent in a line. */
export const listAgents = defineTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'One line an agent.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  run: (_input, context) => {
    const agents = [...context.supervisor.fleet().agents.values()]
    const text = agents.map((agent) => describeInOneLine(agent, context)).join('\n')
    return { text: text || 'no agents yet\nnext: launch_agent', agents }
  },
})
