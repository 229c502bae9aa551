import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeWait } from '../answers/describe-wait.js'
import { callTime, longestWait } from '../call-time.js'
import { reportProgress } from './report-progress.js'
import { defineTool, type ToolContext } from '../tool.js'

/** The tool `wait`: blocks until agents have something to report. */
export const waitTool = defineTool({
  name: 'wait',
  description:
    'Block until agents finish, fail, stop or ask permission. Each result comes once. Default: all of yours.',
  annotations: { readOnlyHint: true },
  blocks: true,
  input: z.strictObject({
    agent_ids: z.array(z.string()).min(1).optional().describe('Ids or names'),
    until: z.enum(['any', 'all']).default('any'),
    timeout_seconds: z.number().min(0).max(longestWait).default(900),
    verbose: z.boolean().optional(),
  }),
  run: async ({ agent_ids, until, timeout_seconds, verbose = false }, context) => {
    const { signal, caller, agents } = context
    const agentIds = agent_ids && [...new Set(agent_ids.map((word) => findKnown(context, word).profile.id))]
    const query = { until, ...(agentIds && { agentIds }) }
    const stopProgress = reportProgress(context, { caller, ...query })
    const time = callTime(context, timeout_seconds)
    const result = await agents.wait({ ...query, timeout: time.timeout, signal })
    stopProgress()
    const answer = describeWait(result, { ...context, verbose, time })
    if (result.type === 'cancelled') return answer
    const { received, lost } = result
    return { ...answer, received, lost }
  },
})

/** Finds an agent by its id or name. @throws SubagentError `unknown-agent`, whose hint says that reported tasks are deleted */
export function findKnown({ agents }: ToolContext, word: string): Agent {
  try {
    return agents.find(word)
  } catch (error) {
    if (!(error instanceof SubagentError) || error.code !== 'unknown-agent') throw error
    const { code, message, hint = '' } = error
    throw new SubagentError(code, message, { hint: `${hint}; a task is forgotten once its result was told` })
  }
}
