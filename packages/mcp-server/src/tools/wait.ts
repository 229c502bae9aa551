import { SubagentError } from '@subagent-mcp/contract'
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
    agent_ids: z.array(z.string()).min(1).optional(),
    until: z.enum(['any', 'all']).default('any'),
    timeout_seconds: z.number().min(0).max(longestWait).default(900),
    verbose: z.boolean().optional(),
  }),
  run: async ({ agent_ids, until, timeout_seconds, verbose = false }, context) => {
    agent_ids?.forEach((id) => {
      checkKnown(context, id)
    })
    const { signal, caller, agents } = context
    const query = { until, ...(agent_ids && { agentIds: agent_ids }) }
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

/** Throws for unknown agent ids. @throws SubagentError `unknown-agent`, whose hint says that reported tasks are deleted */
export function checkKnown({ agents }: ToolContext, id: string): void {
  try {
    agents.find(id)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    const { code, message, hint = '' } = error
    throw new SubagentError(code, message, { hint: `${hint}; a task is forgotten once its result was told` })
  }
}
