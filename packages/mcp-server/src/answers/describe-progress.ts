import { formatCountWithNoun } from '@subagent-mcp/contract'
import {
  computeAgentStatus,
  isAgentInTurn,
  computeWaitOutcome,
  type Agent,
  type AgentWaitQuery,
} from '@subagent-mcp/core'
import type { WaitProgress, McpToolContext } from '../mcp-tool.js'
import { cutToOneLine } from './cut-text.js'
import { describeWhoMayAnswer } from './describe-question.js'

/** Returns a progress message about the agents of a wait, and the share of them that is done. The message is empty if none runs. */
export function describeProgress(
  context: McpToolContext,
  query: AgentWaitQuery,
): { message: string; share: WaitProgress } {
  const { running, news, known } = computeWaitOutcome(context.supervisor.state(), query)
  const newest = running.toSorted((one, other) => other.activity.visibleAt - one.activity.visibleAt)
  const lines = newest.slice(0, shownAgents).map((agent) => describeActivity(agent, context))
  const others = running.length - lines.length
  const done = query.until === 'all' ? news.length + known.length : 0
  return {
    message: [...lines, ...(others > 0 ? [`and ${others} more`] : [])].join('; '),
    share: { done, total: query.until === 'all' ? done + running.length : 1 },
  }
}

/** The most agents that a progress message describes: those that were active last. */
const shownAgents = 3

/** The most characters of a tool call that are shown. */
const shownCall = 40

/** Describes the current activity of an agent for a person, such as `auth-review sonnet 34s · 5 tools · Bash: npm test`. */
export function describeActivity(agent: Agent, context: McpToolContext): string {
  const { profile, route, session, phase } = agent
  const time = { now: context.supervisor.clock.now(), stalledAfter: context.stalledAfter }
  const { model = session.model ?? route.current.provider } = route.current
  const turn = isAgentInTurn(phase) ? phase.turn : undefined
  const status = computeAgentStatus(agent, time)
  const tools = turn?.tools ?? 0
  const doing = [
    `${profile.name ?? profile.id} ${model} ${duration(time.now - (turn?.startedAt ?? profile.launchedAt))}`,
    ...(status === 'processing' ? [] : [status.replace('_', ' ')]),
    ...(tools > 0 ? [formatCountWithNoun(tools, 'tool')] : []),
    ...lastCall(agent),
  ].join(' · ')
  return [doing, ...describeWhoMayAnswer(agent, context)].join(', ')
}

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds}s` : `${minutes}m${String(seconds % 60).padStart(2, '0')}s`
}

/** The newest tool call: the tool and the first text of its input, such as the command or the path. */
function lastCall({ activity }: Agent): string[] {
  const call = activity.recent.findLast(({ kind }) => kind === 'tool' || kind === 'permission')
  if (!call) return []
  const [tool = ''] = call.text.split(' ', 1)
  const input = call.text.slice(tool.length)
  // The text may be cut, and is then no longer valid JSON.
  const value = /^\s*"((?:[^"\\]|\\.)*)/.exec(input) ?? /:\s*\[?"((?:[^"\\]|\\.)*)/.exec(input)
  const text = value?.[1]?.replace(/\\[nrt]/g, ' ').replace(/\\(.)/g, '$1')
  return [text === undefined ? tool : `${tool}: ${cutToOneLine(text, shownCall)}`]
}
