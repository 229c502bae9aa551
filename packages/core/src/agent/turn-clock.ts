import type { Failure } from '@subagent-mcp/contract'
import type { InTurn, Profile, RunningTurn } from './agent.js'
import type { Effect } from '../state/effect.js'

/** A turn with a clock, if it is a task's, and the effect that reminds of its end. */
export function startClock(turn: RunningTurn, { id, pool }: Profile, at: number): [RunningTurn, ...Effect[]] {
  if (!pool) return [turn]
  return run({ turn, agentId: id, leftMs: pool.timeoutMs, at })
}

/** The phase with its clock running or standing, as the turn works or waits for a permission. */
export function pauseOrResumeClock<Phase extends InTurn>(
  phase: Phase,
  agentId: string,
  at: number,
): [Phase, ...Effect[]] {
  const { turn, status } = phase
  const { clock } = turn
  if (clock?.state === 'running' && status === 'waiting-permission') {
    const leftMs = Math.max(0, clock.leftMs - (at - clock.since))
    return [{ ...phase, turn: { ...turn, clock: { state: 'standing', leftMs } } }]
  }
  if (clock?.state !== 'standing' || status !== 'working') return [phase]
  const [running, ...effects] = run({ turn, agentId, leftMs: clock.leftMs, at })
  return [{ ...phase, turn: running }, ...effects]
}

/** Whether a reminder is of the clock as it runs now: one that stood still meanwhile has another end. */
export function hasTurnExpired(
  { id, clock }: RunningTurn,
  reminder: { turnId: string; since: number },
): boolean {
  return id === reminder.turnId && clock?.state === 'running' && clock.since === reminder.since
}

/** Why a task whose time is over failed. */
export function timeLimitFailure({ pool }: Profile): Failure {
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
