import { errorLine } from './describe-error.js'
import type { WorkerMemory } from './worker-memory.js'
import type { WorkerPorts } from './worker-ports.js'

/** A worker's memory while it runs: what is changed is saved. */
export type KeptMemory = {
  now(): WorkerMemory
  change(change: Partial<WorkerMemory>): void
  /** The next turn begins a session, or goes on with this one. */
  keepSession(session: WorkerMemory['session']): void
}

/** Loads it. A memory that cannot be saved is told once, and the worker goes on. @throws what `load` does */
export function keepMemory({
  memory,
  log,
  clock,
}: Pick<WorkerPorts, 'memory' | 'log' | 'clock'>): KeptMemory {
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
      // A full disk must not keep messages from their answers.
      if (!told) log({ at: clock.now(), type: 'trouble', problem: errorLine(error) })
      told = true
    }
  }
}
