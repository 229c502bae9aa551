import type { CallToolResult, Result } from '@modelcontextprotocol/server'
import { waitTicketLifetimeMs, type Agent, type WaitTicket, type WaitTicketView } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import { toAskingAgentData } from '../answers/agent-data.js'
import { describeActivity } from '../answers/describe-progress.js'
import { readReportedChanges } from '../answers/describe-changes.js'
import { describeWait, listAgentsWithNewReports } from '../answers/describe-wait.js'
import { limitCallTime } from '../call-time-limit.js'
import type { McpToolAnswer, McpToolContext } from '../mcp-tool.js'
import { describeTaskReports } from '../tools/invoke.js'

/** The milliseconds that a host should wait between two requests for a task. */
export const taskPollIntervalMs = 1_000

type LookStyle = {
  context: McpToolContext
  /** The forms that the host should show its user, by key. */
  asked: Readonly<Record<string, object>>
  toolResult(answer: McpToolAnswer): Result
}

/** The answer to a tool call that became an MCP Task. */
export function createTaskCreatedAnswer(ticket: WaitTicket, context: McpToolContext): CallToolResult {
  // The SDK requires the content of an ordinary answer.
  return { resultType: 'task', content: [], ...describeTicket(ticket, 'working', context) }
}

/** The answer to a tool call whose agents all belong to an MCP Task that the host already polls. */
export function describeOpenTask({ id, members }: WaitTicket, context: McpToolContext): McpToolAnswer {
  const text = [
    `waiting in the background already, as task ${id}:`,
    statusMessage(members, context),
    'next: end your turn, the result comes by itself',
  ]
  return {
    text: text.join('\n'),
    data: () => ({
      timedOut: false,
      reports: [],
      agents: members.map((agent) => toAskingAgentData(agent, context)),
    }),
    agents: members,
  }
}

/** The status message of a task whose result is held back, because it would exceed the user's limit of turns that nobody typed. */
const heldWords = 'the result comes with your next prompt (wake.maxTurns)'

/** The answer to `tasks/get`. */
export async function createTaskStatusAnswer(
  look: WaitTicketView,
  { context, asked, toolResult }: LookStyle,
): Promise<Result> {
  const { ticket } = look
  if (look.type === 'open') {
    if (Object.keys(asked).length > 0)
      return { ...describeTicket(ticket, 'input_required', context), inputRequests: asked }
    const task = describeTicket(ticket, 'working', context)
    return look.isHeld ? { ...task, statusMessage: `${heldWords}\n${task.statusMessage}` } : task
  }
  if (look.type === 'cancelled') return describeTicket(ticket, 'cancelled', context)
  const result = toolResult(await describeResult(look, context))
  return { ...describeTicket(ticket, 'completed', context), result }
}

async function describeResult(
  { ticket: { terms }, outcome, type }: WaitTicketView & { type: 'done' | 'timed-out' },
  context: McpToolContext,
): Promise<McpToolAnswer> {
  const [first] = outcome.news
  if (terms.tool === 'invoke' && first) return describeTaskReports(first, context)
  const changes = await readReportedChanges(context.changes, listAgentsWithNewReports({ type, outcome }))
  const style = { ...context, verbose: terms.verbose ?? false, time: limitCallTime(context), changes }
  return describeWait({ type, outcome }, style)
}

function describeTicket(
  { id, openedAt, ended, members }: WaitTicket,
  status: string,
  context: McpToolContext,
): Result & { statusMessage: string } {
  const now = context.supervisor.clock.now()
  return {
    taskId: id,
    status,
    statusMessage: maskSecrets(statusMessage(members, context)),
    createdAt: new Date(openedAt).toISOString(),
    lastUpdatedAt: new Date(ended?.at ?? now).toISOString(),
    // `ttl` counts from the task's creation. A running task has no limit; a result can be read again for a fixed time.
    ttlMs: ended ? ended.at - openedAt + waitTicketLifetimeMs : null,
    pollIntervalMs: taskPollIntervalMs,
  }
}

function statusMessage(members: readonly Agent[], context: McpToolContext): string {
  return members.map((agent) => describeActivity(agent, context)).join('\n')
}
