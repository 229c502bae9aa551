import { type Clock, omitUndefined } from '@subagent-mcp/contract'
import { sleepUntilAborted } from './retry-delay.js'
import { isUnreachableError, formatErrorOnOneLine } from './describe-error.js'
import type { WorkerTurnRequest, WorkerTurnEnd, WorkerTurnRunner } from './worker-ports.js'

/** The outcome of a worker's turn, or the reason why the worker stopped waiting for it. */
export type WorkerTurnResult = WorkerTurnEnd | { type: 'lost' } | { type: 'unreachable'; problem: string }

/** `lost` ends a turn immediately, `stop` after `stopGraceMs`. Neither has aborted when the turn begins. */
export type WorkerTurnSignals = { clock: Clock; lost: AbortSignal; stop: AbortSignal; stopGraceMs: number }

/** Runs a worker's turn. Never rejects and always ends, even if `turns` ignores its deadline or signal. */
export async function runWorkerTurn(
  turns: Pick<WorkerTurnRunner, 'run'>,
  order: WorkerTurnRequest,
  limits: WorkerTurnSignals,
): Promise<WorkerTurnResult> {
  const abort = new AbortController()
  const over = new AbortController()
  try {
    const result = begin(turns, order, abort.signal)
    const first = await Promise.race([
      result,
      untilCutOff({ ...limits, deadlineMs: order.deadlineMs }, over.signal),
    ])
    if (typeof first !== 'string') return first
    abort.abort()
    const late = await Promise.race([result, givenUp(limits.clock, over.signal)])
    return afterCut(first, late)
  } finally {
    over.abort()
  }
}

async function begin(
  turns: Pick<WorkerTurnRunner, 'run'>,
  order: WorkerTurnRequest,
  signal: AbortSignal,
): Promise<WorkerTurnResult> {
  try {
    return await turns.run(order, signal)
  } catch (error) {
    if (isUnreachableError(error)) return { type: 'unreachable', problem: formatErrorOnOneLine(error) }
    return { type: 'failed', failure: { reason: 'unknown', message: formatErrorOnOneLine(error) } }
  }
}

type Cut = 'lost' | 'stop' | 'deadline'

function untilCutOff(limits: WorkerTurnSignals & { deadlineMs: number }, over: AbortSignal): Promise<Cut> {
  const waiting = { clock: limits.clock, signal: over }
  return Promise.race<Cut>([
    aborted(limits.lost, over).then(() => 'lost'),
    aborted(limits.stop, over)
      .then(() => sleepUntilAborted(limits.stopGraceMs, waiting))
      .then(() => 'stop'),
    sleepUntilAborted(limits.deadlineMs + deadlineSlack, waiting).then(() => 'deadline'),
  ])
}

/** Resolves when `signal` aborts; never if `over` aborts first. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve()
      },
      { once: true, signal: over },
    )
  })
}

async function givenUp(clock: Clock, over: AbortSignal): Promise<undefined> {
  await sleepUntilAborted(abortLimit, { clock, signal: over })
  return undefined
}

function afterCut(cut: Cut, late: WorkerTurnResult | undefined): WorkerTurnResult {
  if (cut === 'lost') return { type: 'lost' }
  // The turn ended while it was being stopped: its answer counts.
  if (late?.type === 'ended') return late
  return {
    ...(late !== undefined && getKnownTurnDetails(late)),
    type: cut === 'stop' ? 'stopped' : 'timed-out',
  }
}

/** The known session, model and usage of a turn. */
export function getKnownTurnDetails(
  result: WorkerTurnResult,
): Pick<WorkerTurnEnd, 'session' | 'model' | 'usage'> {
  if (result.type === 'lost' || result.type === 'unreachable') return {}
  const { session, model, usage } = result
  return {
    ...omitUndefined({ session, model, usage }),
  }
}

/** The extra milliseconds that a turn gets if its runner has not ended it at its deadline. */
const deadlineSlack = 30_000
/** The milliseconds that a worker waits for the end of an aborted turn. */
const abortLimit = 5_000
