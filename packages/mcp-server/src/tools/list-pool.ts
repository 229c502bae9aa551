import { z } from 'zod'
import { describePool } from '../answers/describe-pool.js'
import { defineTool } from '../tool.js'

/** The tool `list`: lists the defined agents with their pooled processes. */
export const listPoolTool = defineTool({
  name: 'list',
  description: 'Defined agents: what they are for; processes, tasks, tokens and cost of the active ones.',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  run: (_input, { agents, supervisor }) => ({
    text: describePool(agents.definitions(), supervisor.clock.now()),
    agents: [],
  }),
})
