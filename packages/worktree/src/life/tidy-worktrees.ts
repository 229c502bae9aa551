import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { deleteWorktreeFolder } from '../disk/delete-worktree.js'
import { replaceJsonFile } from '../disk/worktree-record.js'
import type { TidyOptions, TidyOutcome } from '../worktree-store.js'
import { listWorktreeIdsOnDisk, type WorktreesOnDisk } from './list-worktrees.js'
import type { OpenWorktree } from './open-worktree.js'
import { hasWorkOutsideFiles, packWorktreeBundle } from './work-outside-files.js'

/** Removes worktrees without changes, and packs old ones with changes. Whatever fails leaves the worktree as it is. */
export async function tidyWorktrees({
  store,
  alone,
  inUse,
  maxAgeMs,
  now,
}: TidyOptions & WorktreesOnDisk): Promise<TidyOutcome> {
  const [removed, kept]: [string[], string[]] = [[], []]
  const packed: { id: string; bundle: string }[] = []
  const failed: { id: string; problem: string }[] = []
  for (const id of listWorktreeIdsOnDisk(store)) {
    try {
      const outcome = inUse(id)
        ? 'kept'
        : await alone(id, (worktree) => tidyOne(worktree, { store, maxAgeMs, now }))
      if (outcome === 'removed') removed.push(id)
      else if (outcome === 'packed') packed.push({ id, bundle: join(store, `${id}.bundle`) })
      else kept.push(id)
    } catch (error) {
      failed.push({ id, problem: error instanceof Error ? error.message : String(error) })
    }
  }
  return { removed, packed, kept, failed }
}

async function tidyOne(
  worktree: OpenWorktree,
  { store, maxAgeMs, now }: { store: string; maxAgeMs: number; now: number },
): Promise<'removed' | 'packed' | 'kept'> {
  const { record, snapshot } = worktree
  const files = await snapshot()
  if (await hasWorkOutsideFiles(worktree, files)) return 'kept'
  if (files.tree === record.baseTree || files.tree === record.branched) {
    await deleteWorktreeFolder(store, record.id)
    return 'removed'
  }
  if (now - record.createdAt <= maxAgeMs) return 'kept'
  const bundle = join(store, `${record.id}.bundle`)
  const unfinished = `${bundle}.new`
  rmSync(unfinished, { force: true })
  await packWorktreeBundle(worktree, files.tree, unfinished)
  replaceJsonFile(join(store, `${record.id}.packed.json`), record)
  renameSync(unfinished, bundle)
  await deleteWorktreeFolder(store, record.id)
  return 'packed'
}
