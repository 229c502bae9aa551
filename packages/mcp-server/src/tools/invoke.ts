import { launchOptions } from '@subagent-mcp/api'
import {
  acknowledgeReports,
  awaitTask,
  closeTaskCall,
  findAgent,
  launchTask,
  newReports,
  openQuestions,
  type TaskResult,
} from '@subagent-mcp/core'
import { z } from 'zod'
import { textLimits } from '../describe-agent.js'
import { describeNews } from '../describe-reports.js'
import { describeWaiting } from '../describe-waiting.js'
import { reportProgress } from '../report-progress.js'
import { defineTool, type ToolAnswer, type ToolContext } from '../tool.js'
import { checkKnown } from './wait.js'

/** Has a warm process do a task, and answers with what it says. */
export const invoke = defineTool({
  name: 'invoke',
  description:
    'Have a defined agent (see list) do one task in a warm, clean session. Returns its answer; if the call ends first, wait does.',
  annotations: { destructiveHint: true, openWorldHint: true },
  launches: true,
  blocks: true,
  input: z.strictObject({
    agent: z.string(),
    task: launchOptions.prompt,
    cwd: z.string().optional(),
  }),
  run: async ({ agent: name, task, cwd }, context) => {
    const { supervisor, caller, agents, onHostExit, progress } = context
    const place = agents.blueprint(name, { cwd, pooled: true })
    const { agent, waiting } = launchTask(supervisor, caller, { prompt: task, onHostExit, ...place })
    if (waiting) progress(describeWaiting(waiting))
    return finish(agent.profile.id, context)
  },
  rejoin: finish,
})

/** Between two rounds of its call a task may have been told by a wait. */
async function finish(agentId: string, context: ToolContext): Promise<ToolAnswer> {
  checkKnown(context, agentId)
  const stopProgress = reportProgress(context, { caller: context.caller, agentIds: [agentId], until: 'all' })
  try {
    return describeTask(await resultOf(agentId, context), context)
  } finally {
    stopProgress()
  }
}

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
  if (type === 'cancelled') return { text: `the call ended, task ${id} goes on\nnext: wait`, agents: [agent] }
  const news = newReports(supervisor.fleet(), caller, findAgent(supervisor, id))
  const failed = type === 'over' && agent.turns.at(-1)?.outcome.type !== 'completed'
  return {
    text: describeNews(news, { ...context, limit: textLimits.verbose }),
    agents: [agent],
    ...(failed && { failed }),
    received: () => {
      acknowledgeReports(supervisor, caller, { news: [news] })
    },
    lost: () => {
      closeTaskCall(supervisor, id)
    },
  }
}
