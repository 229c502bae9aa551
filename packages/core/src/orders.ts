import { SubagentError } from '@subagent-mcp/contract'
import { ceilingText } from '@subagent-mcp/permissions'
import type { Agent } from './agent.js'
import { isInTurn, queuedMessages, takesMessages } from './agent-view.js'
import { checkMessage } from './check-order.js'
import { callerOf } from './fleet.js'
import { checkWithin, regrant } from './grant-authority.js'
import { findAgent } from './launch.js'
import { authorityOf } from './session-rights.js'
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

/** @throws SubagentError when the agent is unknown, dead, cannot be steered, or may do more than the caller. */
export function sendMessage(supervisor: Supervisor, order: MessageOrder): MessageResult {
  const { agentId, text, steer, caller } = order
  const before = findAgent(supervisor, agentId)
  checkMessage('message', text)
  const from = callerOf(supervisor.fleet(), caller, before.profile.project)
  // Whom an agent tells what to do does it.
  checkWithin(from, before.profile)
  if (before.profile.pool) throw busyWithTask(before)
  if (!takesMessages(before)) throw deadAgent(before)
  const inTurn = isInTurn(before.phase)
  if (steer && inTurn && !supervisor.drivers.get(before.route.current.provider)?.abilities.steer)
    throw cannotSteer(before)
  supervisor.measure()
  const message = { id: supervisor.ids.message(), text }
  const at = supervisor.clock.now()
  const authority = regrant(from, before.profile)
  const isLess = ceilingText(authority) !== ceilingText(authorityOf(before.profile))
  const orders = { agentId, message, steer, caller, ...(isLess && { authority }) }
  supervisor.dispatch({ type: 'message-requested', at, ...orders })
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

/** Ends the running turn, not the agent. False when no turn runs. @throws SubagentError for an unknown id. */
export function interruptAgent(supervisor: Supervisor, agentId: string): boolean {
  if (!isInTurn(findAgent(supervisor, agentId).phase)) return false
  supervisor.dispatch({ type: 'interrupt-requested', at: supervisor.clock.now(), agentId })
  return true
}
