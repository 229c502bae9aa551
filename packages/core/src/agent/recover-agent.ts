import type { Agent, Ending } from './agent.js'
import { isInTurn, isTold, isToReopen } from './agent-view.js'
import { endAs, type Step } from './ending.js'
import { park } from '../questions/parked.js'
import { pendingApprovals } from './reports.js'
import { interruptTurn } from './running-turn.js'

/** An agent whose supervisor died, and with it every process: what it was about is interrupted, and on record. */
export function recoverAgent(agent: Agent, at: number): Step {
  const { phase } = agent
  if (phase.status === 'ended') return [agent]
  const ending = endingOf(agent, phase)
  const parked = park(agent, pendingApprovals(agent))
  const left = isInTurn(phase) ? interruptTurn(parked, phase.turn, at) : agent
  return endAs(left, ending, { at, tell: isTold(ending) })
}

function endingOf(agent: Agent, phase: Exclude<Agent['phase'], { status: 'ended' }>): Ending {
  if (phase.status === 'closing' && !isToReopen(agent)) return phase.ending
  return { type: phase.status === 'idle' ? 'closed' : 'interrupted' }
}
