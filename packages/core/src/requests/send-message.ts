import type { Budget } from '@subagent-mcp/api'
import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { encodeCallerPermissions, type CallerPermissions } from '@subagent-mcp/permissions'
import type { Agent, AgentMessage } from '../agent/agent.js'
import { resolveAttachedFiles } from '../attachments/resolve-attached-files.js'
import { isAgentInTurn, countQueuedAgentMessages, doesAgentAcceptMessages } from '../agent/agent-view.js'
import { checkAgentBudget, checkAccountDayBudget, addBudgetNoteToMessage } from '../budget/check-budget.js'
import { getCallerState } from '../state/agents-state.js'
import { checkCallerAuthority, computeReopenAuthority } from '../launch/grant-launch-authority.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { getAgentAuthority } from '../launch/session-rights.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { findQueuePosition, type QueuePosition } from '../capacity/queue-position.js'
import { hasAgentCliProcess } from '../capacity/supervisor-load.js'

/** A message from a caller to an agent, with the paths of files that it hands over. `steer` adds it to the running turn instead of queueing it. */
export type MessageOptions = {
  agentId: string
  text: string
  files?: readonly string[]
  steer: boolean
  caller: string /** Replaces the agent's budget. */
  budget?: Budget
}

/** How a message reaches the agent: in a new, reopened, running or later turn. `waiting`: there is no room yet. */
export type MessageResult =
  | { type: 'started'; waiting?: QueuePosition }
  | { type: 'resumed'; waiting?: QueuePosition }
  | { type: 'steered' }
  | { type: 'queued'; position: number }

/** Sends a message to an agent. @throws SubagentError where the agent cannot take it from this caller */
export function sendMessage(supervisor: Supervisor, order: MessageOptions): MessageResult {
  const { agentId, text, files, steer, caller, budget } = order
  const before = findAgentByIdOrName(supervisor, agentId)
  checkAgentBudget(supervisor, before.profile, budget)
  checkAccountDayBudget(supervisor, before)
  const message = createCheckedMessage(supervisor, {
    agent: before,
    caller,
    text: addBudgetNoteToMessage(before, text),
    ...omitUndefined({ files }),
  })
  // A turn that is being checked takes no more: the message gets a turn of its own.
  const steers = steer && isAgentInTurn(before.phase) && before.phase.status !== 'checking'
  if (steers && !canSteer(supervisor, before)) throw cannotSteer(before)
  // Only a new process needs memory, and the measuring of it takes a tenth of the time until the CLI has read the message.
  supervisor.measure(hasAgentCliProcess(before) ? 'load' : 'all')
  const at = supervisor.clock.now()
  supervisor.dispatch({
    type: 'message-requested',
    at,
    agentId,
    steer,
    ...message,
    ...omitUndefined({ budget }),
  })
  return steers ? { type: 'steered' } : whatBecameOf(supervisor, before, at)
}

/** A message to an agent after all checks. `authority` is set if the caller can grant less than the agent has. */
export function createCheckedMessage(
  supervisor: Supervisor,
  { agent, text, files, caller }: Omit<MessageOptions, 'agentId' | 'steer'> & { agent: Agent },
): { message: AgentMessage; caller: string; authority?: CallerPermissions } {
  const from = getCallerState(supervisor.state(), caller, agent.profile.project)
  // An agent follows its messages, so a caller must not instruct an agent that may do more than the caller itself.
  checkCallerAuthority(from, agent.profile)
  if (agent.profile.pool) throw busyWithTask(agent)
  if (!doesAgentAcceptMessages(agent)) throw deadAgent(agent)
  const authority = computeReopenAuthority(from, agent.profile)
  const attached = resolveAttachedFiles(supervisor, { ...agent.profile, authority }, files)
  const message = { id: supervisor.ids.message(), text, ...attached }
  const isLess =
    encodeCallerPermissions(authority) !== encodeCallerPermissions(getAgentAuthority(agent.profile))
  return { message, caller, ...(isLess && { authority }) }
}

function canSteer({ drivers }: Supervisor, { route }: Agent): boolean {
  return drivers.get(route.current.provider)?.abilities.steer === true
}

function whatBecameOf(supervisor: Supervisor, before: Agent, at: number): MessageResult {
  const { status } = before.phase
  const agent = findAgentByIdOrName(supervisor, before.profile.id)
  const waiting = findQueuePosition(supervisor.state(), agent, at)
  if (status === 'idle') return { type: 'started', ...(waiting && { waiting }) }
  if (status === 'ended' || status === 'closing') return { type: 'resumed', ...(waiting && { waiting }) }
  return { type: 'queued', position: countQueuedAgentMessages(agent) }
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
    { hint },
  )
}

/** Interrupts an agent's running turn. Returns false without a running turn. @throws SubagentError */
export function interruptAgent(supervisor: Supervisor, agentId: string): boolean {
  if (!isAgentInTurn(findAgentByIdOrName(supervisor, agentId).phase)) return false
  supervisor.dispatch({ type: 'interrupt-requested', at: supervisor.clock.now(), agentId })
  return true
}
