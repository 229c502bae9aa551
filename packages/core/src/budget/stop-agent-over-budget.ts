import type { AgentEnding, Agent, RunningTurn } from '../agent/agent.js'
import { closeAgent, endAgent, type AgentTransition } from '../agent/agent-transition.js'
import { isAgentInTurn } from '../agent/agent-view.js'
import { addAgentReport } from '../agent/reports.js'
import { createBudgetFailure } from './budget.js'
import type { SpentBudget } from './spent-budget.js'

/**
 * Ends the work of an agent whose budget is spent: interrupts its running turn, whose session can be continued, or gives up the
 * turn that has not begun.
 */
export function stopAgentOverBudget(
  agent: Agent,
  { spent, at }: { spent: SpentBudget; at: number },
): AgentTransition {
  const { phase, profile } = agent
  const ending: AgentEnding = { type: 'failed', failure: createBudgetFailure(spent, profile.id) }
  switch (phase.status) {
    case 'working':
    case 'waiting-permission':
      return [
        { ...agent, phase: { ...phase, turn: { ...phase.turn, spent } } },
        { type: 'send', agentId: profile.id, command: { type: 'interrupt' } },
      ]
    case 'queued':
      return endAgent(agent, ending, { at, tell: true })
    case 'opening':
    case 'switching':
    case 'ready': {
      const [closing, ...effects] = closeAgent(agent, ending)
      return [addAgentReport(closing, (number) => ({ type: 'ending', number })), ...effects]
    }
    default:
      return [agent]
  }
}

/** Whether the agent's running turn was interrupted because a budget is spent. */
export function wasTurnStoppedByBudget({ phase }: Agent): boolean {
  return isAgentInTurn(phase) && phase.turn.spent !== undefined
}

/** The ending of an agent after a turn that spent its budget; `undefined` if the turn spent none. */
export function findOverBudgetEnding(
  { spent }: RunningTurn,
  agentId: string,
): (AgentEnding & { type: 'failed' }) | undefined {
  return spent && { type: 'failed', failure: createBudgetFailure(spent, agentId) }
}
