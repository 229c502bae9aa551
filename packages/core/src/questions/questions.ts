import type { ToolApprovalDecision, SessionEvent } from '@subagent-mcp/contract'
import type { Agent, AgentPhaseInTurn, PendingApproval } from '../agent/agent.js'
import type { AgentTransition } from '../agent/agent-transition.js'
import type { AgentFact, Fact } from '../state/fact.js'
import {
  parkQuestions,
  parkedQuestionDenialReason,
  keepsExpiredQuestionsOpen,
  removeCallGrant,
} from './parked-questions.js'
import { addAgentReport } from '../agent/reports.js'
import { isDecidedByPolicy, type QuestionResolutionSource, type ToolCallRuling } from './tool-call-ruling.js'
import { pauseOrResumeTurnClock } from '../agent/turn-clock.js'

type Asked = { event: SessionEvent & { type: 'approval-requested' }; at: number; ruling?: ToolCallRuling }

/** Adds a question of the CLI to the agent's turn, or answers it immediately where the policy decides. */
export function addQuestionToTurn(
  agent: Agent,
  phase: AgentPhaseInTurn,
  { event, at, ruling }: Asked,
): AgentTransition {
  const { requestId, tool, input } = event
  if (isDecidedByPolicy(ruling)) {
    const left = ruling.granted ? removeCallGrant(agent, event) : agent
    const { verdict: decision, by } = ruling
    const reason = `not allowed here (${by}): do without it, or say in your answer what you need`
    return [{ ...left, phase }, reply(agent, { requestId, decision, reason })]
  }
  const { verdict: _, ...about } = ruling ?? {}
  const request: PendingApproval = { requestId, tool, input, askedAt: at, ...about }
  const requests = [...pendingRequests(phase), request]
  const [asked, ...effects] = withRequests(agent, phase, { requests, at })
  return [request.shownTo === undefined ? tellCallers(asked, requestId) : asked, ...effects]
}

export type ApprovalRequestFact = AgentFact & {
  type: 'session-event-received'
  event: { type: 'approval-requested' }
}

export function isApprovalRequestFact(fact: Fact): fact is ApprovalRequestFact {
  return fact.type === 'session-event-received' && fact.event.type === 'approval-requested'
}

/** Whether the agent's session is open and no turn runs. */
export function isAgentSessionIdle({ phase }: Agent): boolean {
  if (phase.status === 'checking') return phase.session.state === 'open'
  return phase.status === 'idle' || phase.status === 'ready'
}

/** Denies a question of an agent that runs no turn, because nobody would answer it. */
export function denyQuestionWithoutTurn(agent: Agent, requestId: string): AgentTransition {
  const reason = 'no turn is running: nothing can be allowed'
  return [agent, reply(agent, { requestId, decision: 'deny', reason })]
}

/** Applies the first answer to a question of an agent. Ignores later ones. */
export function applyQuestionAnswer(
  agent: Agent,
  phase: AgentPhaseInTurn,
  fact: AgentFact & { type: 'answer-requested' },
): AgentTransition {
  const { requestId, decision, reason, by, who, at } = fact
  return resolveQuestion(agent, phase, {
    requestId,
    decision,
    by,
    who,
    at,
    ...(reason !== undefined && { reason }),
  })
}

/** Denies an expired question of an agent, and parks it if the agent's questions stay open. */
export function handleExpiredQuestion(
  agent: Agent,
  phase: AgentPhaseInTurn,
  fact: AgentFact & { type: 'question-expired' },
): AgentTransition {
  const { requestId, at } = fact
  if (!isQuestionTimerCurrent(phase, fact)) return [agent]
  const reason = keepsExpiredQuestionsOpen(agent) ? parkedQuestionDenialReason : tooLate
  const unanswered = pendingRequests(phase).filter((request) => request.requestId === requestId)
  const [next, ...effects] = resolveQuestion(agent, phase, {
    ...{ requestId, decision: 'deny', reason, by: 'deadline', who: 'nobody', at },
  })
  return [parkQuestions(next, unanswered), ...effects]
}

const tooLate = 'nobody answered in time: do without it, or say in your answer what you needed and why'

/** Whether the timer belongs to this question, and not to an earlier one with the same id. */
export function isQuestionTimerCurrent(
  phase: Agent['phase'],
  { requestId, until }: { requestId: string; until: number },
): boolean {
  return pendingRequests(phase).some((request) => request.requestId === requestId && request.until === until)
}

/** Marks an agent's question as shown to a user. Until the user passes, callers get no report of it. */
export function markQuestionShown(
  agent: Agent,
  phase: AgentPhaseInTurn,
  fact: AgentFact & { type: 'question-shown' },
): AgentTransition {
  const { requestId, caller: shownTo } = fact
  return [changeQuestion(agent, phase, requestId, ({ report: _, ...request }) => ({ ...request, shownTo }))]
}

/** Reports a question to callers, because the user gave no answer or can no longer be asked. */
export function handleQuestionPassedByUser(
  agent: Agent,
  phase: AgentPhaseInTurn,
  fact: AgentFact & { type: 'question-passed' },
): AgentTransition {
  const { requestId, by } = fact
  const isShown = pendingRequests(phase).some(
    (request) => request.requestId === requestId && request.shownTo !== undefined,
  )
  if (!isShown) return [agent]
  const passed = changeQuestion(agent, phase, requestId, ({ shownTo: _, ...request }) => ({
    ...request,
    ...(by === 'user' && { passed: true }),
  }))
  return [tellCallers(passed, requestId)]
}

/** Removes a question of an agent that the CLI has withdrawn. */
export function removeWithdrawnQuestion(
  agent: Agent,
  phase: AgentPhaseInTurn,
  requestId: string,
  at: number,
): AgentTransition {
  return withRequests(agent, phase, { requests: withoutRequest(phase, requestId), at })
}

type Answer = {
  requestId: string
  decision: ToolApprovalDecision
  reason?: string
  by: QuestionResolutionSource
  who: string
  at: number
}

function resolveQuestion(agent: Agent, phase: AgentPhaseInTurn, answer: Answer): AgentTransition {
  const { requestId, decision, by, who, at } = answer
  const request = pendingRequests(phase).find((other) => other.requestId === requestId)
  if (!request) return [agent]
  const activity = { ...agent.activity, visibleAt: at }
  const answered = [...agent.answered, { requestId, tool: request.tool, decision, by, who, at }]
  const [next, ...effects] = withRequests(
    { ...agent, activity, answered: answered.slice(-keptAnswers) },
    phase,
    { requests: withoutRequest(phase, requestId), at },
  )
  return [next, reply(agent, answer), ...effects]
}

/** The number of answers that an agent keeps. The error for a late answer names the earlier one. */
const keptAnswers = 20

function reply(
  { profile }: Agent,
  { requestId, decision, reason }: Pick<Answer, 'requestId' | 'decision' | 'reason'>,
): Extract<AgentTransition[1], { type: 'send' }> {
  const why = decision === 'deny' && reason !== undefined ? { reason } : {}
  return { type: 'send', agentId: profile.id, command: { type: 'answer', requestId, decision, ...why } }
}

/** Adds a report of the question for callers, under a new number. */
function tellCallers(agent: Agent, requestId: string): Agent {
  const told = addAgentReport(agent, (number) => ({ type: 'approval', requestId, number }))
  const { phase } = told
  if (phase.status !== 'waiting-permission') return told
  return changeQuestion(told, phase, requestId, (request) => ({ ...request, report: told.reports.length }))
}

function changeQuestion(
  agent: Agent,
  phase: AgentPhaseInTurn,
  requestId: string,
  by: (request: PendingApproval) => PendingApproval,
): Agent {
  if (phase.status !== 'waiting-permission') return agent
  const requests = phase.requests.map((request) => (request.requestId === requestId ? by(request) : request))
  return { ...agent, phase: { ...phase, requests } }
}

function pendingRequests(phase: Agent['phase']): readonly PendingApproval[] {
  return phase.status === 'waiting-permission' ? phase.requests : []
}

function withoutRequest(phase: AgentPhaseInTurn, requestId: string): readonly PendingApproval[] {
  return pendingRequests(phase).filter((request) => request.requestId !== requestId)
}

function withRequests(
  agent: Agent,
  { turn }: AgentPhaseInTurn,
  { requests, at }: { requests: readonly PendingApproval[]; at: number },
): AgentTransition {
  const next: AgentPhaseInTurn =
    requests.length > 0 ? { status: 'waiting-permission', turn, requests } : { status: 'working', turn }
  const [phase, ...effects] = pauseOrResumeTurnClock(next, agent.profile.id, at)
  return [{ ...agent, phase }, ...effects]
}
