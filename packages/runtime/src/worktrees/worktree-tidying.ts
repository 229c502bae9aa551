import type { Supervisor } from '@subagent-mcp/core'
import type { WorktreeStore } from '@subagent-mcp/worktree'
import type { FolderSnapshots } from './folder-snapshots.js'
import { settleAndLogFailure } from '../log-failure.js'

type Parts = {
  store: WorktreeStore
  kept: Pick<FolderSnapshots, 'tidy'>
  supervisor: Supervisor
  /** Whether a launch is making the worktree of this id, or an agent of this id is known. */
  isKnown(id: string): boolean
  /** The milliseconds after which changes that nobody took are packed into a git bundle. */
  maxAgeMs: number
  log(line: string): void
}

const hour = 3_600_000
/** The milliseconds for which an ended agent keeps a worktree without changes, for a message that resumes it. */
const keptAfterEnd = 24 * hour

/**
 * Undoes half-done work of killed processes; then removes every hour the worktrees that no agent uses and that have nothing to
 * deliver. `recovered` resolves when the first is done, also if it failed. Changes that nobody took are never deleted.
 */
export function createWorktreeTidying(parts: Parts): {
  recovered: Promise<void>
  /** Removes unused worktrees immediately. Never rejects. */
  tidyNow: () => Promise<void>
  stop: () => void
} {
  const { store, supervisor, log } = parts
  const life = new AbortController()
  let cancel = (): void => undefined
  const tidyNow = (): Promise<void> => settleAndLogFailure('cannot tidy worktrees', tidy(parts), log)
  const tidyAndRepeat = async (): Promise<void> => {
    await tidyNow()
    if (!life.signal.aborted) cancel = supervisor.clock.after(hour, () => void tidyAndRepeat())
  }
  const recovered = settleAndLogFailure('cannot recover worktrees', recover(store, log), log)
  cancel = supervisor.clock.after(firstAfter, () => void tidyAndRepeat())
  return {
    recovered,
    tidyNow,
    stop: () => {
      life.abort()
      cancel()
    },
  }
}

/** The milliseconds until the first removal of worktrees, which must not slow down the start of the daemon. */
const firstAfter = 60_000

async function recover(store: WorktreeStore, log: Parts['log']): Promise<void> {
  const { removed, undone } = await store.recover()
  if (removed.length > 0) log(`removed half made worktrees: ${removed.join(', ')}`)
  for (const { id, kept } of undone) {
    const stays =
      kept.length > 0 ? `; files that were changed meanwhile stay as they are: ${kept.join(', ')}` : ''
    log(`undid the half done apply of worktree ${id}${stays}`)
  }
}

async function tidy({ store, kept, supervisor, isKnown, maxAgeMs, log }: Parts): Promise<void> {
  const now = supervisor.clock.now()
  const isInUse = (id: string): boolean => {
    const phase = supervisor.state().agents.get(id)?.phase
    // An agent that only the state knows may run in another process with the same state.
    if (phase === undefined) return isKnown(id)
    return phase.status !== 'ended' || now - phase.at < keptAfterEnd
  }
  await kept.tidy((id) => supervisor.state().agents.has(id) || isKnown(id))
  const { removed, packed } = await store.tidy({ inUse: isInUse, maxAgeMs, now })
  if (removed.length > 0) log(`removed worktrees without changes: ${removed.join(', ')}`)
  for (const { id, bundle } of packed) log(`packed worktree ${id} into ${bundle}`)
}
