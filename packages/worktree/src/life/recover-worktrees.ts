import { SubagentError } from '@subagent-mcp/contract'
import { pidExists } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { getApplyStagingFolder } from '../delivery/apply-changes.js'
import { cleanUpSwap, readFileSwapJournal, undoFileSwap } from '../delivery/swap-files.js'
import { deleteFolderTree, isWorktreeId, trashFolderPrefix } from '../disk/delete-worktree.js'
import type { WorktreeLocks } from '../disk/worktree-locks.js'
import { readWorktreeRecord } from '../disk/worktree-record.js'
import { unfinishedWorktreePrefix } from '../source/create-worktree.js'
import { getWorktreePaths } from '../source/worktree-paths.js'
import type { RecoverOutcome } from '../worktree-store.js'
import { removeAbandonedCheckouts } from './inspect-work.js'
import { listWorktreeIdsOnDisk } from './list-worktrees.js'

/**
 * Finishes or undoes applies, copies and deletions that killed processes left half done. Work of running processes is
 * not touched.
 */
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
  for (const id of listWorktreeIdsOnDisk(store)) {
    try {
      removeAbandonedCheckouts(join(store, id))
      const kept = await locks.run(id, () => finishFileSwap(store, id))
      if (kept !== undefined) undone.push({ id, kept })
    } catch (error) {
      // Each use of it fails with the same reason, and the list names it as damaged.
      if (!(error instanceof SubagentError)) throw error
    }
  }
  for (const name of existsSync(store) ? readdirSync(store) : []) {
    const [, prefix, id, pid] = /^(\.[a-z]+\.)(.+)\.(\d+)$/.exec(name) ?? []
    if (id === undefined || (prefix !== unfinishedWorktreePrefix && prefix !== trashFolderPrefix)) continue
    if (Number(pid) !== process.pid && pidExists(Number(pid))) continue
    await deleteFolderTree(join(store, name))
    if (prefix === unfinishedWorktreePrefix) removed.push(id)
  }
  return { removed, undone }
}

/** Ends an apply that a killed process left. The caller holds the worktree's lock. Returns the files that stay changed if it was undone; undefined if there was nothing to undo. */
export async function finishFileSwap(store: string, id: string): Promise<readonly string[] | undefined> {
  if (!isWorktreeId(id)) return undefined
  const paths = getWorktreePaths(join(store, id))
  const record = readWorktreeRecord(paths.record)
  const swap = readFileSwapJournal(paths.swap)
  // The record is replaced in the step that commits the swap.
  if (swap !== undefined && swap.next === record?.base) cleanUpSwap(paths.swap, swap.staging)
  else if (swap !== undefined) return undoFileSwap(paths.swap)
  else if (record !== undefined) await removeStaging(getApplyStagingFolder(record.source, id))
  return undefined
}

/** Deletes the folder of an apply as far as it can. A command of git that outlives its killed process may still write there. */
async function removeStaging(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
}
