import type { TurnCheckResult } from '@subagent-mcp/api'
import type { TurnOutcome } from '@subagent-mcp/contract'
import type { Agent, AgentPhase, RunningTurn } from './agent.js'
import { closeAgent, type AgentTransition } from './agent-transition.js'
import { createSendMessageEffect } from '../state/effect.js'
import { addAgentReport } from './reports.js'
import { createRunningTurn, appendEndedTurn } from './running-turn.js'
import { startTurnClock } from './turn-clock.js'

/**
 * Starts a turn for the oldest waiting message, or makes the agent idle. `leftMs`: the rest of a task's time limit, for a turn that
 * repairs an earlier one.
 */
export function beginNextTurn(agent: Agent, at: number, leftMs?: number): AgentTransition {
  const [message, ...inbox] = agent.inbox
  if (!message) return [{ ...agent, phase: { status: 'idle', since: at } }]
  const [turn, ...reminders] = startTurnClock(createRunningTurn(message, at), agent.profile, { at, leftMs })
  const phase: AgentPhase = { status: 'working', turn }
  const command = { type: 'prompt', turnId: message.id, text: message.text } as const
  return [
    { ...agent, inbox, phase, activity: { ...agent.activity, visibleAt: at } },
    createSendMessageEffect(agent.profile.id, command, message),
    ...reminders,
  ]
}

/** Appends the ended turn to the agent, and a report of it. */
export function endAgentTurn(
  agent: Agent,
  turn: RunningTurn,
  end: { outcome: TurnOutcome; at: number; check?: TurnCheckResult },
): Agent {
  const { id: turnId } = turn
  return addAgentReport(appendEndedTurn(agent, turn, end), (number) => ({ type: 'turn', turnId, number }))
}

/** Moves an agent with an open session on after its turn was reported: a task ends, because its session returns to the pool. */
export function continueAgentAfterTurn(agent: Agent, at: number): AgentTransition {
  if (agent.profile.pool) return closeAgent(agent, { type: 'closed' })
  // The next message waits in the queue for room, because other agents may have waited longer.
  return [{ ...agent, phase: agent.inbox.length > 0 ? { status: 'ready' } : { status: 'idle', since: at } }]
}
