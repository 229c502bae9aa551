import { omitUndefined, type Failure } from '@subagent-mcp/contract'
import { sleepUntilAborted } from './retry-delay.js'
import { explainSpentBudget } from './daily-budget.js'
import { formatErrorOnOneLine } from './describe-error.js'
import type { RunningWorker } from './open-worker.js'
import { notifyBlockedSenders, type InboxPosition } from './notify-blocked-senders.js'
import type { WorkerPause } from './worker-line.js'

/** The rest that still lasts, or that a spent budget requires; `undefined` when the worker may take messages. */
export function findCurrentWorkerPause(
  { memory, clock, calendar, options }: RunningWorker,
  rest: WorkerPause | undefined,
): WorkerPause | undefined {
  const now = clock.now()
  if (rest !== undefined && rest.until > now) return rest
  const { spent } = memory.now()
  const reason = explainSpentBudget(options.budget, { day: calendar.day(now), ...omitUndefined({ spent }) })
  return reason === undefined
    ? undefined
    : { type: 'resting', reason, hint: whenSpent, until: calendar.nextDay(now) }
}

const whenSpent = 'messages wait until then, or until the worker is started with a larger budget'

/** The rest after a turn that failed for a reason that a person must repair. `blocks` counts such turns in a row. */
export function createWorkerPauseUntilRetry(
  { reason, message, hint }: Failure,
  { blocks, now }: { blocks: number; now: number },
): WorkerPause {
  const why = {
    type: 'blocked',
    reason: formatErrorOnOneLine(`${reason}: ${message}`),
    until: now + blockMs(blocks),
  } as const
  return hint === undefined ? why : { ...why, hint: formatErrorOnOneLine(hint) }
}

/** The milliseconds that a blocked worker rests: 30 s after one blocked turn, doubled up to 30 minutes. */
function blockMs(blocks: number): number {
  return Math.min(30_000 * 2 ** (blocks - 1), 1_800_000)
}

/**
 * Waits until a rest is over, without taking messages. A blocked worker tells the senders of waiting messages why, and rests no
 * longer when what was visibly lacking is there. With the option `once` it only tells them, and does not wait.
 */
export async function waitUntilWorkerPauseEnds(
  worker: RunningWorker,
  rest: WorkerPause,
  stop: AbortSignal,
): Promise<void> {
  const { memory, clock, log, options, turns } = worker
  const lacks = rest.type === 'blocked' && turns.isRefused?.()
  log(rest)
  memory.change({ status: { ...rest, since: clock.now() } })
  let told = await tellWhy(worker, rest, { after: 0, stop })
  while (!options.once && !stop.aborted && clock.now() < rest.until) {
    // In pieces, because timers do not count the time that the machine sleeps.
    await sleepUntilAborted(Math.min(rest.until - clock.now(), lacks ? lookAgainMs : longestPiece), {
      clock,
      signal: stop,
    })
    if (lacks && !turns.isRefused?.()) break
    told = await tellWhy(worker, rest, { after: told, stop })
  }
  memory.change({ status: { type: 'waiting', since: clock.now() } })
}

async function tellWhy(worker: RunningWorker, rest: WorkerPause, waiting: InboxPosition): Promise<number> {
  return rest.type === 'blocked' ? notifyBlockedSenders(worker, rest, waiting) : waiting.after
}

const longestPiece = 60_000
/** The milliseconds between two looks whether what a blocked worker lacks is there. */
const lookAgainMs = 10_000
