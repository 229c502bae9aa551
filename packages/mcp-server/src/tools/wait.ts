import { SubagentError } from '@subagent-mcp/contract'
import { acknowledgeReports, findOwnAgent, waitForReports, type WaitQuery } from '@subagent-mcp/core'
import { z } from 'zod'
import { describeWait } from '../describe-wait.js'
import { reportProgress } from '../report-progress.js'
import { defineTool, type ToolContext } from '../tool.js'

/** The longest wait, in seconds: a day. */
const longestWait = 86_400

/** Blocks until agents have something to report. */
export const wait = defineTool({
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
    const query: WaitQuery = {
      caller: context.caller,
      until,
      ...(agent_ids && { agentIds: [...new Set(agent_ids)] }),
    }
    const stopProgress = reportProgress(context, query)
    const result = await waitForReports(context.supervisor, query, {
      timeout: timeout_seconds * 1000,
      signal: context.signal,
    })
    stopProgress()
    const answer = describeWait(result, { ...context, verbose })
    if (result.type === 'cancelled') return answer
    return {
      ...answer,
      received: () => {
        acknowledgeReports(context.supervisor, context.caller, result.outcome)
      },
    }
  },
})

/** @throws SubagentError `unknown-agent`, which says what becomes of tasks */
export function checkKnown({ supervisor, caller }: ToolContext, id: string): void {
  try {
    findOwnAgent(supervisor, caller, id)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    const { code, message, hint = '' } = error
    throw new SubagentError(code, message, { hint: `${hint}; a task is forgotten once its result was told` })
  }
}
