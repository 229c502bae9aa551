import {
  findAgentFailure,
  computeAgentStatus,
  readProviderAndModel,
  hasAgentCliProcess,
  computeSecondsSinceActivity,
  hasAgentEnded,
  willAgentReportUnprompted,
  listPendingApprovals,
  countQueuedAgentMessages,
  loadCurrentTurnText,
  findUsageLimitEnding,
  doesAgentAcceptMessages,
  getAgentTurnNumber,
  type Agent,
} from '@subagent-mcp/core'
import type { Failure } from '@subagent-mcp/contract'
import { formatCandidate, formatProviderModel } from '@subagent-mcp/routing'
import { cutTextAndSave, cutToOneLine } from './cut-text.js'
import { describeChangeCount, describeSharedEdits, type ReportedChanges } from './describe-changes.js'
import { describeQuestions, describeWhoMayAnswer, type AnswerRecipient } from './describe-question.js'
import { describeFailedCandidates } from './describe-route.js'
import type { McpPort } from '../ports/mcp-port.js'

/** The most characters of an agent's text in a tool answer: little for `poll_agent`, and enough for most complete answers in a report. */
export const agentTextLimits = {
  tail: 600,
  report: 4_000,
  verbose: 40_000,
  call: 600,
  failure: 2_000,
  together: 60_000,
} as const

type Style = Pick<McpPort, 'supervisor' | 'stalledAfter' | 'saveText'> & AnswerRecipient

/** The answer of the tool `poll_agent`: status, newest activity, the end of the text, and the next step. */
export function describeAgent(
  agent: Agent,
  style: Style & { verbose: boolean; changes: ReportedChanges },
): string {
  const said = readNewestAgentText(agent, style)
  const { now } = style.supervisor.clock
  const recent = agent.activity.recent.map((item) =>
    `  ${Math.floor((now() - item.at) / 1000)} s ago ${item.kind} ${cutToOneLine(item.text, 160)}`.trimEnd(),
  )
  return [
    describeAgentInOneLine(agent, style),
    ...describeFailedCandidates(agent),
    ...describeQuestions(agent, style),
    ...describeFailure(findAgentFailure(agent)),
    ...(recent.length > 0 ? ['recent:', ...recent] : []),
    ...(said ? ['answer:', said] : []),
    ...describeChangeCount(agent, style.changes),
    ...describeSharedEdits(style.changes.shared),
    ...(listPendingApprovals(agent).length > 0 ? [] : [nextStep(agent, style)]),
  ].join('\n')
}

/** The end of an agent's text in its newest turn. */
export function readNewestAgentText(
  agent: Agent,
  { supervisor, verbose, saveText }: Style & { verbose: boolean },
): string {
  const said = loadCurrentTurnText(supervisor, agent)
  const limit = verbose ? agentTextLimits.verbose : agentTextLimits.tail
  return cutTextAndSave(said, { limit, save: () => saveText(formatAnswerFileName(agent), said) })
}

export function describeAgentInOneLine(agent: Agent, style: Style): string {
  const { supervisor, stalledAfter } = style
  const now = supervisor.clock.now()
  return [
    formatAgentHeading(agent),
    computeAgentStatus(agent, { now, stalledAfter }),
    hasAgentCliProcess(agent) ? 'alive' : 'not alive',
    `idle ${computeSecondsSinceActivity(agent, now)} s`,
    `turn ${getAgentTurnNumber(agent)}`,
    `${[formatProviderModel(readProviderAndModel(agent)), agent.route.current.effort ?? []].flat().join(' ')} for ${agent.profile.category}`,
    ...(countQueuedAgentMessages(agent) > 0 ? [describeInbox(agent)] : []),
    ...describeRest(agent),
    ...describeWhoMayAnswer(agent, style),
  ].join(', ')
}

/** Describes until when an agent waits for its provider's limit to end; then the agent continues by itself. */
function describeRest(agent: Agent): string[] {
  const rest = findUsageLimitEnding(agent)
  if (!rest) return []
  const { until, route, failure } = rest
  const next = route
    ? `goes on with ${formatCandidate(route.current)}`
    : `waits until ${new Date(until).toISOString()}`
  return [`${next}: ${failure.reason}: ${cutToOneLine(failure.message, 160)}`]
}

/** Returns the agent's id and name, with which every answer about an agent begins. */
export function formatAgentHeading(agent: Agent): string {
  return `agent ${agentLabel(agent)}`
}

function agentLabel({ profile: { id, name } }: Agent): string {
  return name === undefined ? id : `${id} "${name}"`
}

function describeInbox(agent: Agent): string {
  const count = countQueuedAgentMessages(agent)
  const messages = count === 1 ? 'message' : 'messages'
  return hasAgentEnded(agent) ? `${count} ${messages} NOT delivered` : `${count} queued ${messages}`
}

/** Describes the failure of an agent: the reason, the hint, and the last output of its process. */
export function describeFailure(failure: Failure | undefined): string[] {
  if (!failure) return []
  const { reason, message, hint, resetsAt, stderrTail } = failure
  return [
    `errored: ${reason}: ${cutToOneLine(message, agentTextLimits.failure)}`,
    ...(resetsAt === undefined ? [] : [`resets at ${new Date(resetsAt).toISOString()}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...(stderrTail ? ['stderr:', stderrTail] : []),
  ]
}

/** Returns the next step of the caller for an agent that does not ask for permission. */
function nextStep(agent: Agent, { supervisor, stalledAfter }: Style): string {
  const status = computeAgentStatus(agent, { now: supervisor.clock.now(), stalledAfter })
  if (status === 'stalled') return 'hint: silent, not failed: wait on, send_message with steer, or kill_agent'
  if (willAgentReportUnprompted(agent)) return 'next: wait'
  if (!doesAgentAcceptMessages(agent)) return 'the agent has ended\nnext: launch_agent'
  return hasAgentEnded(agent)
    ? 'next: send_message to follow up'
    : 'next: send_message to follow up, kill_agent when done'
}

export function formatAnswerFileName(agent: Agent, turn: number = getAgentTurnNumber(agent)): string {
  return `${agent.profile.id}-turn-${turn}`
}
