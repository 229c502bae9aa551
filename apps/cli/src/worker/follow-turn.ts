import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { WaitBody } from '@subagent-mcp/api'
import { pause, turnDetails, type TurnEnd } from '@subagent-mcp/worker'
import { inTime } from './in-time.js'
import type { KeptAttendance, WorkerPresence } from './keep-attendance.js'
import { turnOutcome, type BegunTurn } from './turn-outcome.js'

/** A running turn, the worker's registration for it, and its deadline. Times are Unix milliseconds. */
export type RunningTurn = BegunTurn & {
  presence: WorkerPresence
  attendance: Pick<KeptAttendance, 'isNow'>
  clock: Clock
  until: number
}

/** Waits for the end of a turn, and ends it at its deadline or when the signal aborts. */
export async function followTurn(turn: RunningTurn, signal: AbortSignal): Promise<TurnEnd> {
  const { clock, until } = turn
  while (!signal.aborted) {
    const left = until - clock.now()
    if (left <= 0) return endTurn(turn, 'timed-out')
    const waited = await untilRest(turn, left, signal)
    if (waited.type === 'aborted') break
    if (waited.type === 'rests') return checkEnd(turn, waited.outcome)
    // A permission request is answered by a person or by its deadline; the turn then continues by itself.
    if (waited.type === 'asks') await pause(askedPause, { clock, signal })
  }
  return endTurn(turn, 'stopped')
}

const askedPause = 500

type Waited = { type: 'rests'; outcome: TurnEnd } | { type: 'asks' } | { type: 'late' } | { type: 'aborted' }

async function untilRest(turn: RunningTurn, left: number, signal: AbortSignal): Promise<Waited> {
  const { presence, id } = turn
  const timeoutSeconds = Math.min(left / 1000, longestWait)
  const body: WaitBody = { agentIds: [id], until: 'all', timeoutSeconds, answers: true }
  try {
    return readWait(turn, await inTime(presence.client.wait(body, signal), left + slackMs))
  } catch (error) {
    if (signal.aborted) return { type: 'aborted' }
    throw error
  }
}

const longestWait = 3_600
const slackMs = 30_000

function readWait(turn: RunningTurn, { timedOut, agents: [agent], answers }: Waiting): Waited {
  if (timedOut) return { type: 'late' }
  if (agent === undefined) throw new SubagentError('unknown-agent', `${turn.id} was pruned`)
  if (agent.status === 'permission_requested') return { type: 'asks' }
  return { type: 'rests', outcome: turnOutcome({ agent, said: answers[agent.id] ?? '' }, turn) }
}

type Waiting = Awaited<ReturnType<DaemonClient['wait']>>

/**
 * Checks that a stopped turn was stopped by somebody, and not by the end of the daemon. @throws SubagentError `daemon-unreachable`
 * if the daemon ends
 */
async function checkEnd({ presence, attendance }: RunningTurn, outcome: TurnEnd): Promise<TurnEnd> {
  if (outcome.type !== 'stopped') return outcome
  const { draining } = await inTime(presence.client.health())
  if (!draining && attendance.isNow(presence)) return outcome
  throw new SubagentError('daemon-unreachable', 'the daemon is ending', { hint: 'try again' })
}

/** Ends a turn with an interrupt, so that the session can continue. Kills the agent if the interrupt has no effect. */
async function endTurn(turn: RunningTurn, type: 'timed-out' | 'stopped'): Promise<TurnEnd> {
  const { client } = turn.presence
  try {
    const { interrupted } = await inTime(client.interrupt(turn.id), abortMs)
    const waited = interrupted ? await untilRest(turn, graceMs, never) : undefined
    if (waited?.type === 'rests') {
      const late = waited.outcome
      // If the turn has completed meanwhile, its answer counts.
      return late.type === 'ended' ? late : { ...turnDetails(late), type }
    }
    await inTime(client.kill(turn.id), abortMs)
    return { type }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    // The daemon cannot be reached or no longer knows the agent. The agent ends with the worker's registration in any case.
    return { type }
  }
}

const abortMs = 4_000
const graceMs = 2_000
const never = new AbortController().signal
