import { efforts, taskCategories } from '@subagent-mcp/contract'
import { launch, type LaunchOrder } from '@subagent-mcp/core'
import { z } from 'zod'
import { defineTool } from '../tool.js'
import { categoryWords } from '../words.js'

const input = z.strictObject({
  prompt: z.string().describe('All it needs: it sees nothing else'),
  task_category: z.string().meta({ enum: Object.keys(taskCategories), description: categoryWords }),
  provider: z.string().optional(),
  model: z.string().optional().describe('Needs provider'),
  effort: z.string().optional().meta({ enum: efforts, description: 'Needs model' }),
  cwd: z.string().optional().describe('Default: yours'),
  name: z.string().max(80).optional(),
  mcp: z
    .union([z.enum(['none', 'inherit']), z.array(z.string())], {
      error: 'give none, inherit or a list of names',
    })
    .optional()
    .describe("User's MCP servers it gets; default none"),
  request_id: z.string().min(1).optional().describe('Same id never launches twice'),
})

/** Starts an agent and returns at once. */
export const launchAgent = defineTool({
  name: 'launch_agent',
  title: 'Launch agent',
  description: 'Start an agent on one atomic task. Returns its id at once; then wait.',
  annotations: { destructiveHint: true, openWorldHint: true },
  input,
  run: (order, { supervisor, caller, resolveFolder }) => {
    const { agent, repeated } = launch(supervisor, caller, launchOrder(order, resolveFolder(order.cwd)))
    const { id, provider } = agent.profile
    const what = repeated
      ? `request_id known: it launched agent ${id} earlier`
      : `launched agent ${id} on ${provider}`
    return { text: `${what}\nnext: wait (or launch more first)`, agents: [agent] }
  },
})

function launchOrder(order: z.infer<typeof input>, cwd: string): LaunchOrder {
  const { prompt, task_category: category, request_id: requestId, provider, model, effort, name, mcp } = order
  return {
    prompt,
    category,
    cwd,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(effort !== undefined && { effort }),
    ...(name !== undefined && { name }),
    ...(mcp !== undefined && { mcp }),
    ...(requestId !== undefined && { requestId }),
  }
}
