import type { TurnCheckResult } from '@subagent-mcp/api'
import type { Agent, AgentProfile } from '../agent/agent.js'

/**
 * The result of checking a completed turn. `answer` replaces the answer of the turn: the JSON alone, where words stood around it.
 * `problem` says in one line what failed, for callers; `feedback` says it to the agent, as the prompt of the turn that repairs it.
 * `final`: the agent cannot repair it, so the turn is rejected without another try.
 */
export type TurnVerdict =
  | { passed: true; check: TurnCheckResult; answer?: string }
  | { passed: false; check: TurnCheckResult; problem: string; feedback: string; final?: true }

/** A completed turn that is to be checked: the agent, and the answer of its turn. */
export type TurnToCheck = { agent: Agent; turnId: string; answer: string }

/**
 * Checks the result of a completed turn before it is reported. When `signal` aborts, the check ends what it has started; its
 * verdict is dropped. A rejected promise counts as a final failure of the check.
 */
export type TurnChecker = (turn: TurnToCheck, signal: AbortSignal) => Promise<TurnVerdict>

/** The most turns in which an agent may repair a result; `undefined` for an agent whose results are not checked. */
export function getMaxRepairTurns({
  accept,
  outputSchema,
}: Pick<AgentProfile, 'accept' | 'outputSchema'>): number | undefined {
  if (accept) return accept.tries ?? 2
  return outputSchema ? 1 : undefined
}
