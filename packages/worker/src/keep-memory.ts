import { errorAsOneLine } from './describe-error.js'
import type { WorkerMemory } from './worker-memory.js'
import type { WorkerPorts } from './worker-ports.js'

/** The stored state of a running worker. Each change is saved. */
export type KeptWorkerMemory = {
  now(): WorkerMemory
  change(change: Partial<WorkerMemory>): void
  /** Sets the session of the worker's next turn; `undefined` for a new one. */
  keepSession(session: WorkerMemory['session']): void
}

/** Loads the worker's memory. A failed save is logged once, and the worker continues. @throws the errors of `load` */
export function keepWorkerMemory({
  memory,
  log,
  clock,
}: Pick<WorkerPorts, 'memory' | 'log' | 'clock'>): KeptWorkerMemory {
  let now: WorkerMemory = { ...memory.load(), status: { type: 'waiting', since: clock.now() } }
  let told = false
  return {
    now: () => now,
    change: (change) => {
      set({ ...now, ...change })
    },
    keepSession: (session) => {
      const { session: _before, ...others } = now
      set(session === undefined ? others : { ...others, session })
    },
  }

  function set(next: WorkerMemory): void {
    now = next
    try {
      memory.save(next)
      told = false
    } catch (error) {
      // The worker answers messages even if the disk is full and its state cannot be written.
      if (!told) log({ at: clock.now(), type: 'trouble', problem: errorAsOneLine(error) })
      told = true
    }
  }
}
