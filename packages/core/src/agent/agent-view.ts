import type { AgentStatus } from '@subagent-mcp/api'
import type { Failure } from '@subagent-mcp/contract'
import type { Agent, AgentEnding, InTurn, PendingApproval, EndedTurn } from './agent.js'

/** What a status depends on besides the agent. */
export type ViewTime = { now: number; stalledAfter: number }

/** Who answers for an agent: its provider, and the model that its session said it uses, else the one that was asked for. */
export function providerAndModel({ route: { current }, session }: Agent): {
  provider: string
  model?: string
} {
  const model = session.model ?? current.model
  return { provider: current.provider, ...(model !== undefined && { model }) }
}

/** The status of an agent at a moment. Silence shows here alone: it changes nothing in the agent. */
export function agentStatus(agent: Agent, { now, stalledAfter }: ViewTime): AgentStatus {
  const { phase } = agent
  switch (phase.status) {
    case 'queued':
    case 'ready':
      return 'queued'
    case 'opening':
    case 'switching':
    case 'working':
      return now - agent.activity.visibleAt >= stalledAfter ? 'stalled' : 'processing'
    case 'waiting-permission':
      return 'permission_requested'
    case 'idle':
      return lastTurnStatus(agent)
    case 'closing':
    case 'ended':
      return willReopen(agent) ? 'queued' : endingStatus(agent, phase.ending.type)
  }
}

function endingStatus(agent: Agent, ending: 'stopped' | 'failed' | 'interrupted' | 'closed'): AgentStatus {
  if (ending === 'failed') return 'errored'
  return ending === 'closed' ? lastTurnStatus(agent) : ending
}

function lastTurnStatus(agent: Agent): AgentStatus {
  const last = agent.turns.at(-1)
  return last ? turnStatus(last) : 'interrupted'
}

/** The status that an ended turn gives its agent. */
export function turnStatus(turn: EndedTurn): 'finished' | 'errored' | 'interrupted' {
  const statuses = { completed: 'finished', failed: 'errored', interrupted: 'interrupted' } as const
  return statuses[turn.outcome.type]
}

/** Whether the agent is no more: whatever is left of it is on record. */
export function isEnded({ phase }: Agent): boolean {
  return phase.status === 'ended'
}

/** Whether a message to the agent would be delivered. A task is all that its agent is ever told. */
export function takesMessages(agent: Agent): boolean {
  const { phase, profile } = agent
  if (profile.pool) return false
  if (phase.status === 'ended') return isResumable(agent)
  return phase.status !== 'closing' || (isResumable(agent) && !hasOwnReport(phase.ending))
}

/** Whether the agent's session, which is being closed, is opened again at once: a message has come for it. */
export function willReopen({ phase, inbox }: Agent): boolean {
  return phase.status === 'closing' && phase.ending.type === 'closed' && inbox.length > 0
}

/** Whether a message opens the agent's session again where it is closed; one to which nothing was sent begins anew. */
export function isResumable({ session, phase, turns, profile }: Agent): boolean {
  if (profile.pool) return false
  const ending = phase.status === 'ended' || phase.status === 'closing' ? phase.ending.type : undefined
  if (ending === 'stopped') return false
  if (turns.length === 0) return ending === 'interrupted'
  return session.id !== undefined && session.resumable === true
}

/**
 * Whether something will come of the agent without its caller's doing. One that closes after a failure has told it; one
 * that only asks what a person answers goes on with the answer, or without.
 */
export function isRunning(agent: Agent): boolean {
  const { phase } = agent
  if (phase.status === 'closing') return hasOwnReport(phase.ending) || willReopen(agent)
  if (phase.status === 'waiting-permission') return phase.requests.every(isForPerson)
  return phase.status === 'working' || isStarting(phase)
}

function isForPerson({ shownTo, humanOnly }: PendingApproval): boolean {
  return shownTo !== undefined || humanOnly === true
}

/** Whether an ending is told by a report of its own: a failure is, by that of its turn. */
export function hasOwnReport({ type }: AgentEnding): boolean {
  return type === 'stopped' || type === 'interrupted'
}

/** How many messages wait for a turn; the first prompt does not count, also when it never got one. */
export function queuedMessages({ turns, phase, inbox }: Agent): number {
  const hasPrompt = turns.length === 0 && !isInTurn(phase)
  return hasPrompt ? Math.max(0, inbox.length - 1) : inbox.length
}

/** The number of the turn that runs or is about to, else of the last one. */
export function turnNumber({ phase, turns }: Agent): number {
  return turns.length + (isInTurn(phase) || isStarting(phase) ? 1 : 0)
}

/** Whether a turn runs, waiting for a permission or not. */
export function isInTurn(phase: Agent['phase']): phase is InTurn {
  return phase.status === 'working' || phase.status === 'waiting-permission'
}

function isStarting({ status }: Agent['phase']): boolean {
  return status === 'queued' || status === 'opening' || status === 'switching' || status === 'ready'
}

/** Why the agent is errored, if it is. */
export function agentFailure(agent: Agent): Failure | undefined {
  const { phase, profile } = agent
  const isOver = phase.status === 'ended' || phase.status === 'closing'
  if (isOver && phase.ending.type === 'failed') return phase.ending.failure
  if (isOver && profile.pool && phase.ending.type !== 'closed') return taskEnded
  if (phase.status !== 'idle' && !(isOver && phase.ending.type === 'closed')) return undefined
  const outcome = agent.turns.at(-1)?.outcome
  return outcome?.type === 'failed' ? outcome.failure : undefined
}

/** To whom a task was given its end is a failure, whoever wanted it. */
const taskEnded: Failure = {
  reason: 'stopped',
  message: 'the task was ended before it had an answer',
  hint: 'invoke again',
}

/** What the agent has said in its running turn, else in its last one. */
export function saidSoFar(agent: Agent): string {
  const { phase } = agent
  if (isInTurn(phase)) {
    return [phase.turn.said, phase.turn.writing].filter(Boolean).join('\n\n')
  }
  const last = agent.turns.at(-1)
  if (!last) return ''
  return last.outcome.type === 'completed' ? last.outcome.answer : last.said
}
