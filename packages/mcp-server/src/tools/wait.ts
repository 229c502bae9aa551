import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '@subagent-mcp/core'
import { z } from 'zod'
import { ReportsData } from '../answers/agent-data.js'
import { readReportedChanges } from '../answers/describe-changes.js'
import { cancelledWaitAnswer, describeWait, listAgentsWithNewReports } from '../answers/describe-wait.js'
import { describeAnswerOrMarkLost } from '../transport/answer-receipts.js'
import { limitCallTime, maxWaitSeconds } from '../call-time-limit.js'
import { sendAgentProgress } from './send-agent-progress.js'
import { defineMcpTool, type McpToolAnswer, type McpToolContext } from '../mcp-tool.js'

/** The default time limit of a wait that blocks, in seconds. */
const defaultWait = 900

export const waitTool = defineMcpTool({
  name: 'wait',
  title: 'Wait for agents',
  description:
    'Block until agents finish, fail, stop or ask permission. Each result comes once. Default: all of yours.',
  taskDescription:
    'Wait in the background until agents finish, fail, stop or ask permission. Each result comes by itself. Default: all of yours.',
  annotations: { readOnlyHint: true },
  blocks: true,
  input: z.strictObject({
    agent_ids: z.array(z.string()).min(1).optional().describe('Ids or names'),
    until: z.enum(['any', 'all']).default('any').describe('First report, or all'),
    timeout_seconds: z
      .number()
      .min(0)
      .max(maxWaitSeconds)
      .optional()
      .describe(`Default ${defaultWait} where it blocks`),
    verbose: z.boolean().optional().describe('Whole answers'),
  }),
  output: ReportsData,
  run: waitForReports,
  begin: (input, context) => {
    const { agent_ids, until, timeout_seconds, verbose } = input
    const { agents, supervisor } = context
    const agentIds = idsOf(agent_ids, context)
    const deadline = timeout_seconds && supervisor.clock.now() + timeout_seconds * 1000
    const terms = {
      ...{ tool: 'wait' as const, until },
      ...(!agentIds && { everyAgent: true as const }),
      ...(verbose && { verbose }),
      ...(deadline && { deadline }),
    }
    const query = { terms, ...(agentIds && { agentIds }) }
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
  context: McpToolContext,
): Promise<McpToolAnswer<ReportsData>> {
  const { signal, caller, agents } = context
  const agentIds = idsOf(agent_ids, context)
  const query = { until, ...(agentIds && { agentIds }) }
  const stopProgress = sendAgentProgress(context, { caller, ...query })
  const time = limitCallTime(context, timeout_seconds)
  const result = await agents.wait({ ...query, timeout: time.timeout, signal })
  stopProgress()
  if (result.type === 'cancelled') return cancelledWaitAnswer
  const { received, lost } = result
  const answer = await describeAnswerOrMarkLost(result, async () => {
    const changes = await readReportedChanges(context.changes, listAgentsWithNewReports(result))
    return describeWait(result, { ...context, verbose, time, changes })
  })
  return { ...answer, received, lost }
}

/** The ids of agents that a call names by id or name, each once. @throws SubagentError `unknown-agent` */
function idsOf(words: readonly string[] | undefined, context: McpToolContext): string[] | undefined {
  return words && [...new Set(words.map((word) => findKnownAgent(context, word).profile.id))]
}

/** Finds an agent by its id or name. @throws SubagentError `unknown-agent`, whose hint says that reported tasks are deleted */
export function findKnownAgent({ agents }: McpToolContext, word: string): Agent {
  try {
    return agents.find(word)
  } catch (error) {
    if (!(error instanceof SubagentError) || error.code !== 'unknown-agent') throw error
    const { code, message, hint = '' } = error
    throw new SubagentError(code, message, {
      hint: `${hint}; a task is deleted once its result was reported`,
    })
  }
}
