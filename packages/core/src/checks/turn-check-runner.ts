import type { Clock } from '@subagent-mcp/contract'
import type { Effect } from '../state/effect.js'
import type { AgentFact } from '../state/fact.js'
import type { IdGenerators } from '../supervisor/supervisor.js'
import type { TurnChecker, TurnVerdict } from './turn-verdict.js'

/** Runs the checks of turns, at most one for each agent. */
export type TurnCheckRunner = {
  /** Checks a turn, and dispatches `turn-checked` unless the check is cancelled before. Never throws. */
  run(effect: Effect & { type: 'check' }): void
  cancel(agentId: string): void
}

export type TurnCheckRunnerOptions = {
  checkTurn: TurnChecker
  clock: Clock
  ids: IdGenerators
  dispatch: (fact: AgentFact) => void
}

export function createTurnCheckRunner({
  checkTurn,
  clock,
  ids,
  dispatch,
}: TurnCheckRunnerOptions): TurnCheckRunner {
  const running = new Map<string, AbortController>()
  const run = async ({ agent, turnId, answer }: Effect & { type: 'check' }): Promise<void> => {
    const agentId = agent.profile.id
    const checking = new AbortController()
    running.set(agentId, checking)
    const verdict = await verdictOf(checkTurn({ agent, turnId, answer }, checking.signal))
    if (checking.signal.aborted) return
    running.delete(agentId)
    dispatch({ type: 'turn-checked', at: clock.now(), agentId, turnId, verdict, repairId: ids.message() })
  }
  return {
    run: (effect) => void run(effect),
    cancel: (agentId) => {
      running.get(agentId)?.abort()
      running.delete(agentId)
    },
  }
}

/** The verdict of a check. A check that itself fails is final, because the agent cannot repair it. */
async function verdictOf(check: Promise<TurnVerdict>): Promise<TurnVerdict> {
  try {
    return await check
  } catch (cause) {
    const problem = `the result could not be checked: ${cause instanceof Error ? cause.message : String(cause)}`
    return {
      passed: false,
      final: true,
      problem,
      feedback: problem,
      check: { grade: 'rejected', evidence: [] },
    }
  }
}

/** The default check of results: every result passes, with the grade `claimed`. */
export const passResultUnchecked: TurnChecker = () =>
  Promise.resolve({ passed: true, check: { grade: 'claimed', evidence: [] } })
