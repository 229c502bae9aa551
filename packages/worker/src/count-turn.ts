import { omitUndefined } from '@subagent-mcp/contract'
import { addTurnCostToDay, type DayCalendar } from './daily-budget.js'
import { formatErrorOnOneLine } from './describe-error.js'
import type { WorkerMemoryChange } from './load-worker-memory.js'
import { getKnownTurnDetails, type WorkerTurnResult } from './run-worker-turn.js'
import { chooseSessionAfterTurn } from './choose-worker-session.js'
import type { WorkerMemory } from './worker-memory.js'

/** A turn of a worker and its begin and end, Unix milliseconds. */
export type CountedTurn = { began: number; ended: number; result: WorkerTurnResult }

/** Returns what a turn changes in the memory of its worker. */
export function countTurn(
  { session, spent }: WorkerMemoryChange,
  { began, ended, result }: CountedTurn,
  calendar: DayCalendar,
): Required<Omit<WorkerMemoryChange, 'status'>> {
  const { usage } = getKnownTurnDetails(result)
  const told = result.type === 'ended'
  return {
    session: chooseSessionAfterTurn(session, result),
    spent: addTurnCostToDay(spent, { day: calendar.day(ended), ...omitUndefined({ usage }), told }),
    lastTurn: {
      ...{ at: ended, outcome: result.type, ms: ended - began },
      ...omitUndefined({ error: problemOf(result) }),
    },
  }
}

/**
 * Adds turns to a stored memory that ended after its last turn. A worker does not wait for the save of its memory before it replies, so a
 * process that is killed then has the turn in its journal only.
 */
export function addMissedTurns(
  stored: WorkerMemory,
  turns: readonly CountedTurn[],
  calendar: DayCalendar,
): WorkerMemory {
  const { at = -Infinity } = stored.lastTurn ?? {}
  const missed = turns.filter(({ ended }) => ended > at)
  return missed
    .toSorted((one, other) => one.ended - other.ended)
    .reduce((memory, turn) => {
      const { session: _, ...others } = memory
      const { session, ...counted } = countTurn(memory, turn, calendar)
      return { ...others, ...counted, ...omitUndefined({ session }) }
    }, stored)
}

function problemOf(result: WorkerTurnResult): string | undefined {
  if (result.type === 'failed')
    return formatErrorOnOneLine(`${result.failure.reason}: ${result.failure.message}`)
  return result.type === 'unreachable' ? result.problem : undefined
}
