import { AttachedFiles, launchOptions, OutputSchema } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { readReportTexts, type AgentWithNewReports } from '@subagent-mcp/core'
import { z } from 'zod'
import type { TaskWithReports, TaskOptions } from '../ports/agents-port.js'
import { toAskingAgentData, ReportsData, toReportsData } from '../answers/agent-data.js'
import { describeAgentInOneLine, agentTextLimits } from '../answers/describe-agent.js'
import { noReportedChanges } from '../answers/describe-changes.js'
import { describeReports } from '../answers/describe-reports.js'
import { describeQueuePlace } from '../answers/describe-queue-place.js'
import { describeAnswerOrMarkLost } from '../transport/answer-receipts.js'
import { limitCallTime, describeHostTimeLimit, runWithinCallTime } from '../call-time-limit.js'
import { sendAgentProgress } from './send-agent-progress.js'
import { defineMcpTool, type McpToolAnswer, type McpToolContext } from '../mcp-tool.js'
import { findKnownAgent } from './wait.js'

const taskParameters = z.strictObject({
  agent: z.string().describe('Its name'),
  task: launchOptions.prompt.describe('Whole task'),
  files: AttachedFiles.exactOptional(),
  cwd: z.string().optional().describe('Default: yours'),
  output_schema: OutputSchema.optional(),
})

export const invokeTool = defineMcpTool({
  name: 'invoke',
  title: 'Run task',
  description:
    'Have a defined agent (see list) do one task in a warm session. Returns its answer, or wait does.',
  taskDescription: 'Have a defined agent (see list) do one task in a warm session, in the background.',
  annotations: { destructiveHint: true, openWorldHint: true },
  launches: true,
  blocks: true,
  input: taskParameters,
  output: ReportsData,
  run: async (task, context) => {
    const launched = await context.agents.startTask(taskOf(task, context))
    if (launched.waiting) context.progress(describeQueuePlace(launched.waiting))
    return finish(launched.agent.profile.id, context)
  },
  rejoin: finish,
  begin: async (task, context) => {
    const { id } = (await context.agents.startTask(taskOf(task, context))).agent.profile
    const terms = { tool: 'invoke', until: 'all' } as const
    return context.agents.openTicket({ agentIds: [id], terms }) ?? finish(id, context)
  },
})

type TaskParameters = z.output<typeof taskParameters>

function taskOf(
  { output_schema: outputSchema, ...task }: TaskParameters,
  { traceparent }: McpToolContext,
): TaskOptions {
  return { ...omitUndefined(task), ...omitUndefined({ outputSchema, traceparent }) }
}

/**
 * Waits for the task and returns its answer. Fails if a `wait` has reported the task between two requests of this call, because
 * the task is then deleted.
 */
async function finish(agentId: string, context: McpToolContext): Promise<McpToolAnswer<ReportsData>> {
  findKnownAgent(context, agentId)
  const { caller, agents } = context
  const stopProgress = sendAgentProgress(context, { caller, agentIds: [agentId], until: 'all' })
  try {
    const result = await runWithinCallTime(context, (signal) => agents.taskResult(agentId, { signal }))
    return await describeTask(result, context)
  } finally {
    stopProgress()
  }
}

async function describeTask(
  { type, agent, news, received, lost }: TaskWithReports,
  context: McpToolContext,
): Promise<McpToolAnswer<ReportsData>> {
  if (type === 'cancelled') {
    const running = describeAgentInOneLine(agent, context)
    const text = `${running}\n${describeHostTimeLimit(limitCallTime(context))}, 1 still running, next: wait`
    return {
      text,
      data: () => ({ timedOut: true, reports: [], agents: [toAskingAgentData(agent, context)] }),
      agents: [agent],
    }
  }
  const answer = await describeAnswerOrMarkLost({ lost }, () =>
    describeTaskReports({ ...news, agent }, context),
  )
  return { ...answer, received, lost }
}

/** The answer to the caller of a task: the task's reports. It counts as failed unless the task completed or asks for permission. */
export function describeTaskReports(
  { agent, reports }: AgentWithNewReports,
  context: McpToolContext,
): McpToolAnswer<ReportsData> {
  const asks = reports.some(({ type }) => type === 'approval')
  const texts = readReportTexts(context.supervisor, [{ agent, reports }])
  const isUnreadable = [...texts.values()].some((text) => 'problem' in text)
  const failed = isUnreadable || (!asks && agent.turns.at(-1)?.outcome.type !== 'completed')
  const style = { ...context, texts, limit: agentTextLimits.verbose, changes: noReportedChanges }
  return {
    text: describeReports({ agent, reports }, style),
    data: () => ({
      timedOut: false,
      reports: toReportsData([{ agent, reports }], style),
      agents: [toAskingAgentData(agent, style)],
    }),
    agents: [agent],
    ...(failed && { failed }),
  }
}
