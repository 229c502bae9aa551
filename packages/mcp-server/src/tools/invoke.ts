import {
  acknowledgeReports,
  awaitTask,
  findAgent,
  forgetTask,
  launch,
  openQuestions,
  waitOutcome,
  type TaskResult,
} from '@subagent-mcp/core'
import { z } from 'zod'
import { textLimits } from '../describe-agent.js'
import { describeNews } from '../describe-reports.js'
import { describeWaiting } from '../describe-waiting.js'
import { reportProgress } from '../report-progress.js'
import { defineTool, type ToolAnswer, type ToolContext } from '../tool.js'

/** Has a warm process do a task, and answers with what it says. */
export const invoke = defineTool({
  name: 'invoke',
  description: 'Have a defined agent (see list) do one task in a warm, clean session. Returns its answer.',
  annotations: { destructiveHint: true, openWorldHint: true },
  launches: true,
  blocks: true,
  input: z.strictObject({
    agent: z.string(),
    task: z.string().describe('All it needs: it sees nothing else'),
    cwd: z.string().optional(),
  }),
  run: async ({ agent: name, task, cwd }, context) => {
    const { supervisor, caller, agents, progress } = context
    const place = agents.blueprint(name, { cwd, pooled: true })
    // Who could answer its questions is gone with the host.
    const order = { prompt: task, onHostExit: 'kill', ...place } as const
    const { agent, waiting } = launch(supervisor, caller, order)
    const agentId = agent.profile.id
    if (waiting) progress(describeWaiting(waiting))
    const stopProgress = reportProgress(context, { caller, agentIds: [agentId], until: 'all' })
    const result = await resultOf(agentId, context)
    stopProgress()
    return describeTask(result, context)
  },
})

/** What a task asked may be over by now: then it goes on. */
async function resultOf(agentId: string, { supervisor, signal }: ToolContext): Promise<TaskResult> {
  for (;;) {
    const result = await awaitTask(supervisor, agentId, signal)
    if (result.type !== 'asks' || openQuestions(findAgent(supervisor, agentId)).length > 0) return result
  }
}

function describeTask({ type, agent }: TaskResult, context: ToolContext): ToolAnswer {
  const { supervisor, caller } = context
  const { id } = agent.profile
  if (type === 'cancelled') return { text: `task ${id} cancelled`, agents: [agent] }
  const outcome = waitOutcome(supervisor.fleet(), { caller, agentIds: [id], until: 'any' })
  const style = { ...context, limit: textLimits.verbose }
  const text = outcome.news.map((item) => describeNews(item, style)).join('\n\n')
  if (type === 'asks') {
    const received = (): void => {
      acknowledgeReports(supervisor, caller, outcome)
    }
    return { text, agents: [agent], received }
  }
  const failed = agent.turns.at(-1)?.outcome.type !== 'completed'
  return {
    text,
    agents: [agent],
    ...(failed && { failed }),
    received: () => void forgetTask(supervisor, id),
  }
}
