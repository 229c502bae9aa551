import { createDebouncedCall } from '@subagent-mcp/contract'
import { formatErrorOnOneLine } from './describe-error.js'
import type { StoredWorkerSession, WorkerMemory } from './worker-memory.js'
import type { WorkerPorts } from './worker-ports.js'

/** A change of a worker's memory; `session: undefined` makes the next turn begin a new session. */
export type WorkerMemoryChange = Pick<Partial<WorkerMemory>, 'status' | 'spent' | 'lastTurn'> & {
  session?: StoredWorkerSession | undefined
}

/** The stored state of a running worker. */
export type LoadedWorkerMemory = {
  now(): WorkerMemory
  /** Changes the memory, and begins to save it. Nothing waits for the save, because a disk may take longer than a reply. */
  change(change: WorkerMemoryChange): void
  /**
   * Changes the memory, which is saved within a fifth of a second, together with later changes: for what a crash may lose, or
   * `addMissedTurns` makes up for, because a save costs more than the rest of what a worker does for a message.
   */
  changeSoon(change: WorkerMemoryChange): void
  /** Resolves when the last change is saved, or could not be saved. */
  saved(): Promise<void>
}

const savedAfterMs = 200

/** Loads the worker's memory. A failed save is logged once, and the worker continues. @throws the errors of `load` */
export function loadWorkerMemory({
  memory,
  onStatus,
  log,
  clock,
}: Pick<WorkerPorts, 'memory' | 'onStatus' | 'log' | 'clock'>): LoadedWorkerMemory {
  let now: WorkerMemory = { ...memory.load(), status: { type: 'waiting', since: clock.now() } }
  let told = false
  const set = (change: WorkerMemoryChange): void => {
    const { session, ...others } = { ...now, ...change }
    now = { ...others, ...(session && { session }) }
    if (change.status) onStatus?.(change.status)
  }
  let saved = Promise.resolve()
  const save = async (): Promise<void> => {
    try {
      await memory.save(now)
      told = false
    } catch (error) {
      // The worker answers messages even if the disk is full and its state cannot be written.
      if (!told) log({ at: clock.now(), type: 'trouble', problem: formatErrorOnOneLine(error) })
      told = true
    }
  }
  const beginSave = (): void => {
    saved = save()
  }
  const later = createDebouncedCall(clock, savedAfterMs, beginSave)
  return {
    now: () => now,
    change: (change) => {
      set(change)
      later.cancel()
      beginSave()
    },
    changeSoon: (change) => {
      set(change)
      later.request()
    },
    saved: async () => {
      if (later.cancel()) beginSave()
      await saved
    },
  }
}
