import { defined, efforts, permissionPresets, taskCategories } from '@subagent-mcp/contract'
import { launch, type LaunchOrder } from '@subagent-mcp/core'
import { candidateName } from '@subagent-mcp/routing'
import { z } from 'zod'
import { describeNotes } from '../describe-route.js'
import { describeWaiting } from '../describe-waiting.js'
import { defineTool } from '../tool.js'
import { categoryWords } from '../words.js'

const input = z.strictObject({
  prompt: z.string().describe('All it needs: it sees nothing else'),
  task_category: z
    .string()
    .optional()
    .meta({ enum: Object.keys(taskCategories), description: categoryWords }),
  agent: z.string().optional().describe('See list'),
  provider: z.string().optional().describe('Only this one'),
  prefer: z.string().optional().describe('Tried first'),
  model: z.string().optional().describe('Needs provider'),
  effort: z.string().optional().meta({ enum: efforts, description: 'Needs model' }),
  deadlock: z.boolean().optional().describe('3rd try of a task'),
  cwd: z.string().optional().describe('Default: yours'),
  name: z.string().max(80).optional(),
  mcp: z
    .union([z.enum(['none', 'inherit']), z.array(z.string())], {
      error: 'give none, inherit or a list of names',
    })
    .optional()
    .describe("User's MCP servers; default none"),
  permissions: z.enum(permissionPresets).optional(),
  request_id: z.string().min(1).optional().describe('Same id, same launch'),
  queue: z.boolean().optional().describe('false: refuse when full'),
  on_host_exit: z.enum(['keep', 'kill']).optional(),
})

/** Starts an agent and returns at once. */
export const launchAgent = defineTool({
  name: 'launch_agent',
  description: 'Start an agent on one atomic task. Returns its id.',
  annotations: { destructiveHint: true, openWorldHint: true },
  launches: true,
  input,
  run: (order, { supervisor, caller, resolveFolder, onHostExit, agents }) => {
    const { agent: name, cwd } = order
    const place =
      name === undefined ? { cwd: resolveFolder(cwd) } : agents.blueprint(name, { cwd, pooled: false })
    const launched = { ...launchOrder({ on_host_exit: onHostExit, ...order }), ...place }
    const { agent, repeated, waiting } = launch(supervisor, caller, launched)
    const { profile, route, notes } = agent
    const what = repeated
      ? `request_id known: it launched agent ${profile.id} earlier`
      : `launched agent ${profile.id} on ${candidateName(route.current)}`
    const lines = [
      what,
      ...(waiting ? [describeWaiting(waiting)] : []),
      ...describeNotes(notes),
      'next: wait (or launch more first)',
    ]
    return { text: lines.join('\n'), agents: [agent] }
  },
})

function launchOrder(order: z.infer<typeof input>): Omit<LaunchOrder, 'cwd'> {
  const { prompt, task_category: category, request_id: requestId, on_host_exit: onHostExit, ...rest } = order
  const { provider, prefer, model, effort, deadlock, name, mcp, permissions, queue } = rest
  return {
    prompt,
    ...defined({ category, provider, prefer, model, effort, deadlock, name, mcp }),
    ...(permissions && { permissions }),
    ...defined({ requestId, queue }),
    ...(onHostExit && { onHostExit }),
  }
}
