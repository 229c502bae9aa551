import {
  pickSchemaKeys,
  listedLaunchOptions,
  type AgentActivityItem,
  type AgentSummary,
  type PermissionRequestSummary,
  type TurnSummary,
} from '@subagent-mcp/api'
import { maskSecrets } from '@subagent-mcp/permissions'
import { formatToolCallWithInput } from './activity.js'
import type { Agent, PendingApproval, EndedTurn } from './agent.js'
import {
  findAgentFailure,
  computeAgentStatus,
  isAgentInTurn,
  readProviderAndModel,
  countQueuedAgentMessages,
  doesAgentAcceptMessages,
  computeTurnStatus,
  type StatusTime,
} from './agent-view.js'
import { hasAgentCliProcess } from '../capacity/supervisor-load.js'
import { findUsageLimitEnding } from '../limits/usage-limit-ending.js'
import { listAnswerableQuestions } from './reports.js'

/** The most turns in a summary, which shows the newest ones. A session may have thousands. */
const shownTurns = 10
const shownCall = 600

/** Summarizes an agent for callers: options, status, questions and newest turns, without texts. */
export function summarizeAgent(agent: Agent, time: StatusTime): AgentSummary {
  const { profile, route, notes, session, activity } = agent
  const { effort } = route.current
  const failure = findAgentFailure(agent)
  const rest = findUsageLimitEnding(agent)
  return {
    id: profile.id,
    ...pickSchemaKeys(profile, listedLaunchOptions),
    ...readProviderAndModel(agent),
    ...(effort && { effort }),
    attempts: route.attempts,
    notes,
    ...(profile.source !== undefined && { source: profile.source }),
    project: profile.project,
    status: computeAgentStatus(agent, time),
    alive: hasAgentCliProcess(agent),
    takesMessages: doesAgentAcceptMessages(agent),
    ...(session.id !== undefined && { sessionId: session.id }),
    launchedAt: profile.launchedAt,
    idleSeconds: computeSecondsSinceActivity(agent, time.now),
    queuedMessages: countQueuedAgentMessages(agent),
    recent: activity.recent.map(masked),
    permissions: listAnswerableQuestions(agent).map(summarizeRequest),
    ...(isAgentInTurn(agent.phase) && {
      runningTurn: { startedAt: agent.phase.turn.startedAt, tools: agent.phase.turn.tools ?? 0 },
    }),
    turnCount: agent.turns.length,
    turns: agent.turns.slice(-shownTurns).map(summarizeTurn),
    ...(failure && { failure }),
    ...(rest && !rest.route && { waitsUntil: rest.until, waitsFor: rest.failure.message }),
    ...(profile.outputSchema && { hasSchema: true as const }),
    ...(agent.phase.status === 'ended' && { endedAt: agent.phase.at }),
  }
}

/** Masked texts are cached, because a summary has the same items as the summary before, except for the newest. */
const maskedItems = new WeakMap<AgentActivityItem, AgentActivityItem>()

function masked(item: AgentActivityItem): AgentActivityItem {
  const known = maskedItems.get(item)
  if (known) return known
  const shown = { ...item, text: maskSecrets(item.text) }
  maskedItems.set(item, shown)
  return shown
}

/** The whole seconds since the agent last showed text, thinking, a tool call or a question. */
export function computeSecondsSinceActivity({ activity }: Agent, now: number): number {
  return Math.max(0, Math.floor((now - activity.visibleAt) / 1000))
}

function summarizeRequest(request: PendingApproval): PermissionRequestSummary {
  const { input: _, passed: _passed, report: _report, ...rest } = request
  return { ...rest, call: maskSecrets(formatToolCallWithInput(request)).slice(0, shownCall).toWellFormed() }
}

function summarizeTurn(turn: EndedTurn): TurnSummary {
  const { startedAt, firstOutputAt, endedAt, usage, check } = turn
  return {
    status: computeTurnStatus(turn),
    startedAt,
    ...(firstOutputAt !== undefined && { firstOutputAt }),
    endedAt,
    ...(check && { grade: check.grade }),
    ...(usage && { usage }),
  }
}
