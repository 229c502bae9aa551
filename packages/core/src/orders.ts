import { SubagentError, type ApprovalDecision } from '@subagent-mcp/contract'
import type { Agent, PendingApproval } from './agent.js'
import { isInTurn, queuedMessages, takesMessages } from './agent-view.js'
import { checkMessage } from './check-order.js'
import { findAgent } from './launch.js'
import { pendingApprovals } from './reports.js'
import type { Supervisor } from './supervisor.js'
import { waitingFor, type Waiting } from './waiting.js'

/** A message for an agent. `steer` puts it into the running turn instead of after it. */
export type MessageOrder = { agentId: string; text: string; steer: boolean; caller: string }

/**
 * What became of a message: it started a turn, went into the running one, opens the agent's session again, or is the
 * nth in line of its agent. `waiting`: the machine has no room for its turn yet.
 */
export type MessageResult =
  | { type: 'started'; waiting?: Waiting }
  | { type: 'resumed'; waiting?: Waiting }
  | { type: 'steered' }
  | { type: 'queued'; position: number }

/** @throws SubagentError when the agent is unknown, dead, or cannot be steered. */
export function sendMessage(supervisor: Supervisor, order: MessageOrder): MessageResult {
  const { agentId, text, steer, caller } = order
  const before = findAgent(supervisor, agentId)
  checkMessage('message', text)
  if (before.profile.pool) throw busyWithTask(before)
  if (!takesMessages(before)) throw deadAgent(before)
  const inTurn = isInTurn(before.phase)
  if (steer && inTurn && !supervisor.drivers.get(before.route.current.provider)?.abilities.steer)
    throw cannotSteer(before)
  supervisor.measure()
  const message = { id: supervisor.ids.message(), text }
  const at = supervisor.clock.now()
  supervisor.dispatch({ type: 'message-requested', at, agentId, message, steer, caller })
  return steer && inTurn ? { type: 'steered' } : whatBecameOf(supervisor, before, at)
}

function whatBecameOf(supervisor: Supervisor, before: Agent, at: number): MessageResult {
  const { status } = before.phase
  const agent = findAgent(supervisor, before.profile.id)
  const waiting = waitingFor(supervisor.fleet(), agent, at)
  if (status === 'idle') return { type: 'started', ...(waiting && { waiting }) }
  if (status === 'ended' || status === 'closing') return { type: 'resumed', ...(waiting && { waiting }) }
  return { type: 'queued', position: queuedMessages(agent) }
}

function busyWithTask({ profile }: Agent): SubagentError {
  const hint = 'it sees nothing but its task: invoke again with all it needs'
  return new SubagentError('not-supported', `'${profile.id}' is a task and takes no message`, { hint })
}

function deadAgent({ profile }: Agent): SubagentError {
  const hint = 'launch a new agent'
  return new SubagentError('agent-dead', `agent '${profile.id}' has ended and takes no message`, { hint })
}

function cannotSteer({ route }: Agent): SubagentError {
  const hint = 'send it without steer: it then gets the next turn'
  return new SubagentError(
    'not-supported',
    `${route.current.provider} takes no message into a running turn`,
    {
      hint,
    },
  )
}

/** An answer to a question of an agent's; without `requestId` to the oldest. */
export type AnswerOrder = { agentId: string; requestId?: string; decision: ApprovalDecision; reason?: string }

/** Answers a question and returns it. @throws SubagentError when there is no such question. */
export function answerPermission(supervisor: Supervisor, order: AnswerOrder): PendingApproval {
  const { agentId, decision, reason } = order
  const pending = pendingApprovals(findAgent(supervisor, agentId))
  const request = pending.find(
    ({ requestId }) => order.requestId === undefined || requestId === order.requestId,
  )
  if (!request) throw noSuchRequest(order, pending)
  const { requestId } = request
  const at = supervisor.clock.now()
  supervisor.dispatch({
    type: 'answer-requested',
    at,
    agentId,
    requestId,
    decision,
    ...(reason !== undefined && { reason }),
  })
  return request
}

function noSuchRequest(
  { agentId, requestId }: AnswerOrder,
  pending: readonly PendingApproval[],
): SubagentError {
  const what = requestId === undefined ? 'no permission' : `no permission '${requestId}'`
  const ids = pending.map((request) => request.requestId).join(', ')
  const hint = pending.length > 0 ? `it asks ${ids}` : 'nothing to answer: go on with wait'
  return new SubagentError('no-permission-pending', `agent '${agentId}' asks for ${what}`, { hint })
}

/** Ends the running turn, not the agent. False when no turn runs. @throws SubagentError for an unknown id. */
export function interruptAgent(supervisor: Supervisor, agentId: string): boolean {
  if (!isInTurn(findAgent(supervisor, agentId).phase)) return false
  supervisor.dispatch({ type: 'interrupt-requested', at: supervisor.clock.now(), agentId })
  return true
}
