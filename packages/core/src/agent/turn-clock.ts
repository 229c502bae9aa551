import type { Failure } from '@subagent-mcp/contract'
import type { AgentPhaseInTurn, AgentProfile, RunningTurn } from './agent.js'
import type { Effect } from '../state/effect.js'

/**
 * Starts the clock of a task's turn, with the effect that fires at its end. Other turns have no clock. `leftMs`: the rest of the
 * time limit; default: all of it.
 */
export function startTurnClock(
  turn: RunningTurn,
  { id, pool }: AgentProfile,
  { at, leftMs }: { at: number; leftMs?: number | undefined },
): [RunningTurn, ...Effect[]] {
  if (!pool) return [turn]
  return run({ turn, agentId: id, leftMs: leftMs ?? pool.timeoutMs, at })
}

/** The milliseconds that are left of a turn's running clock; `undefined` without a clock. */
export function computeTurnTimeLeft({ clock }: RunningTurn, at: number): number | undefined {
  return clock?.state === 'running' ? Math.max(0, clock.leftMs - (at - clock.since)) : clock?.leftMs
}

/** Pauses the clock while the turn waits for a permission, and resumes it when the turn works again. */
export function pauseOrResumeTurnClock<Phase extends AgentPhaseInTurn>(
  phase: Phase,
  agentId: string,
  at: number,
): [Phase, ...Effect[]] {
  const { turn, status } = phase
  const { clock } = turn
  if (clock?.state === 'running' && status === 'waiting-permission') {
    const leftMs = computeTurnTimeLeft(turn, at) ?? 0
    return [{ ...phase, turn: { ...turn, clock: { state: 'standing', leftMs } } }]
  }
  if (clock?.state !== 'standing' || status !== 'working') return [phase]
  const [running, ...effects] = run({ turn, agentId, leftMs: clock.leftMs, at })
  return [{ ...phase, turn: running }, ...effects]
}

/** Whether a turn's timer is still valid. The clock of a turn that was paused since has a later end. */
export function isTurnTimerCurrent(
  { id, clock }: RunningTurn,
  reminder: { turnId: string; since: number },
): boolean {
  return id === reminder.turnId && clock?.state === 'running' && clock.since === reminder.since
}

export function createTurnTimeLimitFailure({ pool }: AgentProfile): Failure {
  const seconds = (pool?.timeoutMs ?? 0) / 1000
  return {
    reason: 'timed-out',
    message: `the task took longer than ${seconds} s`,
    hint: 'split it, or give the definition a longer timeout',
  }
}

type Start = { turn: RunningTurn; agentId: string; leftMs: number; at: number }

function run({ turn, agentId, leftMs, at }: Start): [RunningTurn, Effect] {
  return [
    { ...turn, clock: { state: 'running', leftMs, since: at } },
    { type: 'limit-turn', agentId, turnId: turn.id, since: at, delay: leftMs },
  ]
}
