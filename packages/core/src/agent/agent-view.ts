import type { AgentStatus } from '@subagent-mcp/api'
import type { Failure } from '@subagent-mcp/contract'
import { findUsageLimitEnding } from '../limits/usage-limit-ending.js'
import type { Agent, AgentEnding, AgentPhaseWithTurn, PendingApproval, EndedTurn } from './agent.js'

/**
 * The times that an agent's status depends on. `now`: the current time in Unix milliseconds. `stalledAfter`: the milliseconds without
 * output after which a turn is `stalled`.
 */
export type StatusTime = { now: number; stalledAfter: number }

/** The agent's provider, and the model that its session reported, otherwise the requested one. */
export function readProviderAndModel({ route: { current }, session }: Agent): {
  provider: string
  model?: string
} {
  const model = session.model ?? current.model
  return { provider: current.provider, ...(model !== undefined && { model }) }
}

/** The status of an agent at a moment, as callers see it. `stalled` exists only here: silence changes no state. */
export function computeAgentStatus(agent: Agent, { now, stalledAfter }: StatusTime): AgentStatus {
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
    case 'checking':
      return 'checking'
    case 'idle':
      return lastTurnStatus(agent)
    case 'closing':
    case 'ended':
      return willAgentSessionReopen(agent) ? 'queued' : endingStatus(agent, phase.ending.type)
  }
}

function endingStatus(agent: Agent, ending: AgentEnding['type']): AgentStatus {
  if (ending === 'limited') return 'queued'
  if (ending === 'failed') return 'errored'
  return ending === 'closed' ? lastTurnStatus(agent) : ending
}

function lastTurnStatus(agent: Agent): AgentStatus {
  const last = agent.turns.at(-1)
  return last ? computeTurnStatus(last) : 'interrupted'
}

export function computeTurnStatus(turn: EndedTurn): 'finished' | 'errored' | 'interrupted' {
  const statuses = { completed: 'finished', failed: 'errored', interrupted: 'interrupted' } as const
  return statuses[turn.outcome.type]
}

/** Whether the agent has ended. Its turns and reports stay readable, and a message may open its session again. */
export function hasAgentEnded({ phase }: Agent): boolean {
  return phase.status === 'ended'
}

/** Whether a message to this agent would be delivered. A task takes none but its prompt. */
export function doesAgentAcceptMessages(agent: Agent): boolean {
  const { phase, profile } = agent
  if (profile.pool) return false
  if (phase.status === 'ended') return isAgentResumable(agent)
  return phase.status !== 'closing' || (isAgentResumable(agent) && !hasAgentEndReport(phase.ending))
}

/** Whether the agent's closing session opens again afterwards, because a message has arrived. */
export function willAgentSessionReopen({ phase, inbox }: Agent): boolean {
  return phase.status === 'closing' && phase.ending.type === 'closed' && inbox.length > 0
}

/** Whether a message can open the agent's closed session again, or a new one if its first turn never began. */
export function isAgentResumable({ session, phase, turns, profile }: Agent): boolean {
  if (profile.pool) return false
  const ending = phase.status === 'ended' || phase.status === 'closing' ? phase.ending.type : undefined
  if (ending === 'stopped') return false
  if (turns.length === 0) return ending === 'interrupted'
  return session.id !== undefined && session.resumable === true
}

/**
 * Whether the agent will report something without further input from its caller. False after a failure, because the failure
 * has been reported, and while the agent waits for a caller's answer. True while only a person can answer, because the agent
 * continues when the question expires.
 */
export function willAgentReportUnprompted(agent: Agent): boolean {
  const { phase } = agent
  if (findUsageLimitEnding(agent)) return true
  if (phase.status === 'closing') return hasAgentEndReport(phase.ending) || willAgentSessionReopen(agent)
  if (phase.status === 'waiting-permission') return phase.requests.every(isForPerson)
  return phase.status === 'working' || phase.status === 'checking' || isStarting(phase)
}

function isForPerson({ shownTo, humanOnly }: PendingApproval): boolean {
  return shownTo !== undefined || humanOnly === true
}

/**
 * Whether an agent's end gets a report of its own. A failure gets none, because the report of the failed turn names the failure.
 */
export function hasAgentEndReport({ type }: AgentEnding): boolean {
  return type === 'stopped' || type === 'interrupted'
}

/** The number of messages that wait for a turn of the agent. Its first prompt never counts. */
export function countQueuedAgentMessages({ turns, phase, inbox }: Agent): number {
  const hasPrompt = turns.length === 0 && !isAgentInTurn(phase)
  return hasPrompt ? Math.max(0, inbox.length - 1) : inbox.length
}

/** The number of the running or next turn, otherwise of the last one; the first is 1. */
export function getAgentTurnNumber({ phase, turns }: Agent): number {
  return turns.length + (isAgentInTurn(phase) || isStarting(phase) ? 1 : 0)
}

/** Whether the agent's turn runs, waits for a permission, or is being checked. */
export function isAgentInTurn(phase: Agent['phase']): phase is AgentPhaseWithTurn {
  return ['working', 'waiting-permission', 'checking'].includes(phase.status)
}

function isStarting({ status }: Agent['phase']): boolean {
  return status === 'queued' || status === 'opening' || status === 'switching' || status === 'ready'
}

/** Why the agent's status is `errored`; `undefined` in every other status. */
export function findAgentFailure(agent: Agent): Failure | undefined {
  const { phase, profile } = agent
  const isOver = phase.status === 'ended' || phase.status === 'closing'
  if (isOver && phase.ending.type === 'failed') return phase.ending.failure
  if (isOver && profile.pool && phase.ending.type !== 'closed') return taskEnded
  if (phase.status !== 'idle' && !(isOver && phase.ending.type === 'closed')) return undefined
  const outcome = agent.turns.at(-1)?.outcome
  return outcome?.type === 'failed' ? outcome.failure : undefined
}

/** The failure of a task that ended without an answer. To the caller of a task every such end is a failure. */
const taskEnded: Failure = {
  reason: 'stopped',
  message: 'the task was ended before it had an answer',
  hint: 'invoke again',
}
