import { Files, launchOptions, OutputSchema } from '@subagent-mcp/api'
import { defined } from '@subagent-mcp/contract'
import type { NewReports } from '@subagent-mcp/core'
import { z } from 'zod'
import type { DeliveredTask, TaskOptions } from '../ports/agents-port.js'
import { askingAgentData, ReportsData, reportsData } from '../answers/agent-data.js'
import { describeInOneLine, textLimits } from '../answers/describe-agent.js'
import { noChanges } from '../answers/describe-changes.js'
import { describeNews } from '../answers/describe-reports.js'
import { describeQueuePlace } from '../answers/describe-queue-place.js'
import { callTime, describeCut, withinCallTime } from '../call-time.js'
import { reportProgress } from './report-progress.js'
import { defineTool, type ToolAnswer, type ToolContext } from '../tool.js'
import { findKnown } from './wait.js'

const taskParameters = z.strictObject({
  agent: z.string().describe('Its name'),
  task: launchOptions.prompt.describe('Whole task'),
  files: Files.exactOptional(),
  cwd: z.string().optional().describe('Default: yours'),
  output_schema: OutputSchema.optional(),
})

/** The tool `invoke`: runs a task in a pooled process and returns its answer. */
export const invokeTool = defineTool({
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
    const launched = await context.agents.startTask(taskOf(task))
    if (launched.waiting) context.progress(describeQueuePlace(launched.waiting))
    return finish(launched.agent.profile.id, context)
  },
  rejoin: finish,
  begin: async (task, context) => {
    const { id } = (await context.agents.startTask(taskOf(task))).agent.profile
    const terms = { tool: 'invoke', until: 'all' } as const
    return context.agents.openTicket({ agentIds: [id], terms }) ?? finish(id, context)
  },
})

type TaskParameters = z.output<typeof taskParameters>

function taskOf({ output_schema: outputSchema, ...task }: TaskParameters): TaskOptions {
  return { ...defined(task), ...defined({ outputSchema }) }
}

/**
 * Waits for the task and returns its answer. Fails if a `wait` has reported the task between two requests of this call, because
 * the task is then deleted.
 */
async function finish(agentId: string, context: ToolContext): Promise<ToolAnswer<ReportsData>> {
  findKnown(context, agentId)
  const { caller, agents } = context
  const stopProgress = reportProgress(context, { caller, agentIds: [agentId], until: 'all' })
  try {
    const result = await withinCallTime(context, (signal) => agents.taskResult(agentId, { signal }))
    return describeTask(result, context)
  } finally {
    stopProgress()
  }
}

function describeTask(
  { type, agent, news, received, lost }: DeliveredTask,
  context: ToolContext,
): ToolAnswer<ReportsData> {
  if (type === 'cancelled') {
    const running = describeInOneLine(agent, context)
    const text = `${running}\n${describeCut(callTime(context))}, 1 still running, next: wait`
    return {
      text,
      data: () => ({ timedOut: true, reports: [], agents: [askingAgentData(agent, context)] }),
      agents: [agent],
    }
  }
  return { ...describeTaskNews({ ...news, agent }, context), received, lost }
}

/** The answer to the caller of a task: the task's reports. It counts as failed unless the task completed or asks for permission. */
export function describeTaskNews(
  { agent, reports }: NewReports,
  context: ToolContext,
): ToolAnswer<ReportsData> {
  const asks = reports.some(({ type }) => type === 'approval')
  const failed = !asks && agent.turns.at(-1)?.outcome.type !== 'completed'
  const style = { ...context, limit: textLimits.verbose, changes: noChanges }
  return {
    text: describeNews({ agent, reports }, style),
    data: () => ({
      timedOut: false,
      reports: reportsData([{ agent, reports }], style),
      agents: [askingAgentData(agent, style)],
    }),
    agents: [agent],
    ...(failed && { failed }),
  }
}
