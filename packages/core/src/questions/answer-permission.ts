import { SubagentError, type ToolApprovalDecision } from '@subagent-mcp/contract'
import type { Agent, AnsweredQuestion, PendingApproval } from '../agent/agent.js'
import type { AgentFact } from '../state/fact.js'
import { getCallerState, getNewestDeliveredReportNumber } from '../state/agents-state.js'
import { canCallerUseFolder } from '../launch/grant-launch-authority.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { formatParkedAnswerNotice } from './parked-questions.js'
import { listAnswerableQuestions } from '../agent/reports.js'
import { createCheckedMessage } from '../requests/send-message.js'
import { judgeOrAskPerson } from './question-decider.js'
import type { PermissionAnswerChannel } from './tool-call-ruling.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** An answer to a question of an agent. Without `requestId` it answers the oldest one. */
export type PermissionAnswerOptions = {
  agentId: string
  requestId?: string
  decision: ToolApprovalDecision
  reason?: string
  /** `by` and `who`: the channel and the name of who answers. `caller`: gives its environment to an agent that the answer wakes. */
  by: PermissionAnswerChannel
  who: string
  caller?: string
}

type AnswerNotice = NonNullable<(AgentFact & { type: 'answer-requested' })['notice']>

/**
 * Answers a question of an agent, and returns the question. @throws SubagentError `no-permission-pending`, which names an earlier
 * answer; `needs-person` if a model allows a call that only a person may allow, or that the caller may not make itself
 */
export function answerPermission(supervisor: Supervisor, order: PermissionAnswerOptions): PendingApproval {
  const { agentId, decision, reason, by, who } = order
  const agent = findAgentByIdOrName(supervisor, agentId)
  const pending = listAnswerableQuestions(agent)
  const request = pending.find(
    ({ requestId }) => order.requestId === undefined || requestId === order.requestId,
  )
  if (!request) throw noSuchRequest(order, agent, pending)
  checkIsMeant(supervisor, order, { agent, request })
  checkMayAllow(supervisor, order, { agent, request })
  supervisor.dispatch({
    type: 'answer-requested',
    at: supervisor.clock.now(),
    agentId,
    requestId: request.requestId,
    decision,
    by,
    who,
    ...(reason !== undefined && { reason }),
    ...noticeOf(supervisor, order, { agent, request }),
  })
  return request
}

/** The message to an agent about the answer to its parked question. */
function noticeOf(
  supervisor: Supervisor,
  { decision, reason, caller = '' }: PermissionAnswerOptions,
  { agent, request }: { agent: Agent; request: PendingApproval },
): { notice?: AnswerNotice } {
  if (!request.parked) return {}
  try {
    if (!supervisor.state().callers.has(caller)) throw needsCaller(agent)
    const text = formatParkedAnswerNotice(request, decision, reason)
    return { notice: createCheckedMessage(supervisor, { agent, text, caller }) }
  } catch (error) {
    // A denial is always accepted, even if no message about it can be sent to the agent.
    if (decision === 'deny' && error instanceof SubagentError) return {}
    throw error
  }
}

/** Checks that a model that allows a question without its id has received that question, because a newer question may be open. */
function checkIsMeant(
  { state }: Supervisor,
  { by, decision, caller, requestId: named }: PermissionAnswerOptions,
  { agent, request: { requestId, report = Infinity } }: { agent: Agent; request: PendingApproval },
): void {
  if (by !== 'tool' || decision === 'deny' || named !== undefined) return
  if (caller !== undefined && getNewestDeliveredReportNumber(state(), caller, agent) >= report) return
  const what = `agent '${agent.profile.id}' asks something that you may not have seen`
  const hint = `look with poll_agent, then name it: request_id=${requestId}`
  throw new SubagentError('invalid-parameter', what, { hint })
}

/** Checks that the caller may allow the call. A denial is always accepted. */
function checkMayAllow(
  { state, judge }: Supervisor,
  { by, decision, caller }: PermissionAnswerOptions,
  { agent, request }: { agent: Agent; request: PendingApproval },
): void {
  if (decision === 'deny' || byPerson.includes(by)) return
  if (request.humanOnly) throw needsPerson(agent, request.by ?? 'it cannot be taken back')
  if (by === 'http') return
  const from = getCallerState(state(), caller ?? '', agent.profile.project)
  const { depth, authority } = from
  if (depth === 0) return
  // Otherwise an agent could make calls through its agents that it may not make itself.
  const { cwd, project } = agent.profile
  const { provider } = agent.route.current
  const own = judgeOrAskPerson(judge, request, { provider, cwd, project, authority })
  if (own.verdict !== 'allow' || !canCallerUseFolder(from, cwd))
    throw needsPerson(agent, 'it is more than you may do yourself')
}

/** Channels through which only a person can answer. */
const byPerson: readonly PermissionAnswerChannel[] = ['terminal', 'page', 'elicitation']

function needsPerson({ profile }: Agent, why: string): SubagentError {
  const what = `only a person may allow this to agent '${profile.id}': ${why}`
  return new SubagentError('needs-person', what, {
    hint: 'the user answers with: subagent-mcp permissions; wait meanwhile, or deny it',
  })
}

function needsCaller({ profile }: Agent): SubagentError {
  const what = `the answer wakes agent '${profile.id}', which needs an environment to run in`
  return new SubagentError('invalid-parameter', what, {
    hint: 'pass pid and environment, or answer with: subagent-mcp permissions',
  })
}

function noSuchRequest(
  { agentId, requestId }: PermissionAnswerOptions,
  { answered }: Agent,
  pending: readonly PendingApproval[],
): SubagentError {
  const what = requestId === undefined ? 'no permission' : `no permission '${requestId}'`
  const ids = pending.map((request) => request.requestId).join(', ')
  const first = answered.findLast((answer) => requestId === undefined || answer.requestId === requestId)
  const hint = pending.length > 0 ? `it asks ${ids}` : 'nothing to answer: continue with wait'
  const known = first ? `: ${describeAnswer(first)}` : ''
  return new SubagentError('no-permission-pending', `agent '${agentId}' asks for ${what}${known}`, { hint })
}

function describeAnswer({ requestId, decision, by, who }: AnsweredQuestion): string {
  const done = decision === 'allow' ? 'allowed' : 'denied'
  if (by === undefined) return `${requestId} was ${done} before`
  return by === 'deadline'
    ? `${requestId} was denied when nobody had answered in time`
    : `${requestId} was ${done} before, by ${who} (${by})`
}
