import { SubagentError } from '@subagent-mcp/contract'
import { pidExists } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stagingOf } from '../delivery/apply-changes.js'
import { clean, readSwap, undoSwap } from '../delivery/swap-files.js'
import { deleteFolder, isWorktreeId, trashPrefix } from '../disk/discard-folder.js'
import type { WorktreeLocks } from '../disk/worktree-locks.js'
import { readRecord } from '../disk/worktree-record.js'
import { makingPrefix } from '../source/create-worktree.js'
import { worktreePaths } from '../source/private-folder.js'
import type { RecoverOutcome } from '../worktree-store.js'
import { removeLeftCheckouts } from './inspect-work.js'
import { idsOnDisk } from './list-worktrees.js'

/** Finishes or undoes what killed processes left half done. What a running process does is left to it. */
export async function recoverWorktrees({
  store,
  locks,
}: {
  store: string
  locks: WorktreeLocks
}): Promise<RecoverOutcome> {
  const removed: string[] = []
  const undone: { id: string; kept: readonly string[] }[] = []
  // Before folders are deleted, which can fail.
  for (const id of idsOnDisk(store)) {
    try {
      removeLeftCheckouts(join(store, id))
      const kept = await locks.run(id, () => finishSwap(store, id))
      if (kept !== undefined) undone.push({ id, kept })
    } catch (error) {
      // Each use of it fails with the same reason, and the list names it as damaged.
      if (!(error instanceof SubagentError)) throw error
    }
  }
  for (const name of existsSync(store) ? readdirSync(store) : []) {
    const [, prefix, id, pid] = /^(\.[a-z]+\.)(.+)\.(\d+)$/.exec(name) ?? []
    if (id === undefined || (prefix !== makingPrefix && prefix !== trashPrefix)) continue
    if (Number(pid) !== process.pid && pidExists(Number(pid))) continue
    await deleteFolder(join(store, name))
    if (prefix === makingPrefix) removed.push(id)
  }
  return { removed, undone }
}

/** Ends an apply that a killed process left. The caller holds the worktree's lock. Returns the files that stay changed if it was undone; undefined if there was nothing to undo. */
export async function finishSwap(store: string, id: string): Promise<readonly string[] | undefined> {
  if (!isWorktreeId(id)) return undefined
  const paths = worktreePaths(join(store, id))
  const record = readRecord(paths.record)
  const swap = readSwap(paths.swap)
  // The record is replaced in the step that commits the swap.
  if (swap !== undefined && swap.next === record?.base) clean(paths.swap, swap.staging)
  else if (swap !== undefined) return undoSwap(paths.swap)
  else if (record !== undefined) await removeStaging(stagingOf(record.source, id))
  return undefined
}

/** Deletes the folder of an apply as far as it can. A command of git that outlives its killed process may still write there. */
async function removeStaging(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
}
