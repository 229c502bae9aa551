import { SubagentError, type ApprovalDecision, type Clock } from '@subagent-mcp/contract'
import type { Agent, PendingApproval } from './agent.js'
import { isAlive, isInTurn, queuedMessages, takesMessages } from './agent-view.js'
import { checkMessage } from './check-order.js'
import { findAgent } from './launch.js'
import { pendingApprovals } from './reports.js'
import type { Supervisor } from './supervisor.js'

/** A message for an agent. `steer` puts it into the running turn instead of after it. */
export type MessageOrder = { agentId: string; text: string; steer: boolean }

/** What became of a message: it started a turn, went into the running one, or is the nth in line. */
export type MessageResult = { type: 'started' } | { type: 'steered' } | { type: 'queued'; position: number }

/** @throws SubagentError when the agent is unknown, dead, or cannot be steered. */
export function sendMessage(supervisor: Supervisor, { agentId, text, steer }: MessageOrder): MessageResult {
  const before = findAgent(supervisor, agentId)
  checkMessage('message', text)
  if (!takesMessages(before)) throw deadAgent(before)
  const { status } = before.phase
  const inTurn = isInTurn(before.phase)
  if (steer && inTurn && !supervisor.drivers.get(before.route.current.provider)?.abilities.steer)
    throw cannotSteer(before)
  const message = { id: supervisor.ids.message(), text }
  supervisor.dispatch({ type: 'message-requested', at: supervisor.clock.now(), agentId, message, steer })
  if (steer && inTurn) return { type: 'steered' }
  return status === 'idle'
    ? { type: 'started' }
    : { type: 'queued', position: queuedMessages(findAgent(supervisor, agentId)) }
}

function deadAgent({ profile }: Agent): SubagentError {
  const hint = 'launch a new agent with launch_agent'
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

/** Kills an agent; resolves when none of its processes is left. @throws SubagentError for an unknown id. */
export async function stopAgent(supervisor: Supervisor, by: string, agentId: string): Promise<Agent> {
  if (findAgent(supervisor, agentId).phase.status === 'ended') return findAgent(supervisor, agentId)
  supervisor.dispatch({ type: 'stop-requested', at: supervisor.clock.now(), agentId, by })
  await untilEnded(supervisor, [agentId])
  return findAgent(supervisor, agentId)
}

/** Ends all agents, running ones as interrupted; resolves when none is left, or after `limit` milliseconds. */
export async function shutDown(supervisor: Supervisor, limit: number): Promise<void> {
  const ids = [...supervisor.fleet().agents.values()].filter(isAlive).map(({ profile }) => profile.id)
  for (const agentId of ids)
    supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId })
  await Promise.race([untilEnded(supervisor, ids), elapsed(supervisor.clock, limit)])
}

function untilEnded(supervisor: Supervisor, ids: readonly string[]): Promise<void> {
  const ended = (): boolean => ids.every((id) => supervisor.fleet().agents.get(id)?.phase.status === 'ended')
  return new Promise((resolve) => {
    const unsubscribe = supervisor.subscribe(() => {
      if (ended()) settle()
    })
    const settle = (): void => {
      unsubscribe()
      resolve()
    }
    if (ended()) settle()
  })
}

function elapsed(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve)
  })
}
