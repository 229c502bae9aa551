import type { WorkerFleet } from '@subagent-mcp/api'
import type { Workers } from '@subagent-mcp/runtime'
import type { PersistentWorkers } from './workers/persistent-workers.js'
import type { FleetPlan } from './workers/worker-list.js'

/** A list of kept workers whose fleet the test sets. */
export type ManualKept = PersistentWorkers & { is: WorkerFleet; plans: FleetPlan[] }

/** Creates an empty list of kept workers. */
export function createManualKept(): ManualKept {
  const kept: ManualKept = {
    is: { workers: [] },
    plans: [],
    begin: () => undefined,
    isUp: () => kept.is.workers.length > 0,
    list: () => kept.is.workers,
    fleet: () => kept.is,
    up: (plan) => {
      kept.plans.push(plan)
      return kept.is
    },
    down: () => {
      const ended = kept.is.workers.map(({ name }) => name)
      kept.is = { workers: [] }
      return Promise.resolve(ended)
    },
    keep: () => Promise.reject(new Error('keeps nothing')),
    stop: () => Promise.resolve(false),
    letGo: () => undefined,
  }
  return kept
}

/** Workers of which none can be started. */
export const noWorkers: Workers = {
  start: () => Promise.reject(new Error('starts nothing')),
  check: () => Promise.reject(new Error('starts nothing')),
  list: () => [],
  isClosing: () => false,
  close: () => Promise.resolve(),
}
