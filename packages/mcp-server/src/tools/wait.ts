import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { describeWait } from '../answers/describe-wait.js'
import { callTime, longestWait } from '../call-time.js'
import { reportProgress } from './report-progress.js'
import { defineTool, type ToolAnswer, type ToolContext } from '../tool.js'

/** The default time limit of a wait that blocks, in seconds. */
const defaultWait = 900

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
    timeout_seconds: z.number().min(0).max(longestWait).optional().meta({ default: defaultWait }),
    verbose: z.boolean().optional(),
  }),
  run: waitForReports,
  begin: (input, context) => {
    const { agent_ids, until, timeout_seconds, verbose } = input
    agent_ids?.forEach((id) => {
      checkKnown(context, id)
    })
    const { agents, supervisor } = context
    const deadline = timeout_seconds && supervisor.clock.now() + timeout_seconds * 1000
    const terms = {
      ...{ tool: 'wait' as const, until },
      ...(!agent_ids && { everyAgent: true as const }),
      ...(verbose && { verbose }),
      ...(deadline && { deadline }),
    }
    const query = { terms, ...(agent_ids && { agentIds: agent_ids }) }
    const ticket = timeout_seconds === 0 ? undefined : agents.openTicket(query)
    return ticket ?? waitForReports({ ...input, timeout_seconds: 0 }, context)
  },
})

type WaitInput = {
  agent_ids?: string[] | undefined
  until: 'any' | 'all'
  timeout_seconds?: number | undefined
  verbose?: boolean | undefined
}

async function waitForReports(
  { agent_ids, until, timeout_seconds = defaultWait, verbose = false }: WaitInput,
  context: ToolContext,
): Promise<ToolAnswer> {
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
}

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
