import { existsSync, readdirSync, statSync } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { listPathChanges } from '../delivery/tree-changes.js'
import { isWorktreeId } from '../disk/delete-worktree.js'
import { readWorktreeRecord } from '../disk/worktree-record.js'
import type { WorktreeInfo } from '../worktree-store.js'
import type { OpenWorktree } from './open-worktree.js'
import { hasWorkOutsideFiles } from './work-outside-files.js'

/** The folder of all worktrees, and a function that works on one of them while no other caller does. */
export type WorktreesOnDisk = {
  store: string
  alone<Result>(id: string, work: (worktree: OpenWorktree) => Promise<Result>): Promise<Result>
}

/** The ids of the worktrees whose folders are on disk, sorted. */
export function listWorktreeIdsOnDisk(store: string): readonly string[] {
  if (!existsSync(store)) return []
  return readdirSync(store, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isWorktreeId(entry.name))
    .map(({ name }) => name)
    .toSorted()
}

/** The ids of the worktrees that were packed into a bundle, sorted. */
function packedIds(store: string): readonly string[] {
  if (!existsSync(store)) return []
  return readdirSync(store)
    .flatMap((name) => /^(.+)\.bundle$/.exec(name)?.[1] ?? [])
    .toSorted()
}

export async function listWorktrees({ store, alone }: WorktreesOnDisk): Promise<readonly WorktreeInfo[]> {
  const infos: WorktreeInfo[] = []
  for (const id of listWorktreeIdsOnDisk(store)) {
    const bytes = await measureFolderSize(join(store, id))
    const damaged: WorktreeInfo = {
      ...{ id, source: '', path: join(store, id), createdAt: 0, state: 'damaged', changedFiles: 0, bytes },
    }
    // Listing must work for the others when one is damaged.
    infos.push(await alone(id, (worktree) => describe(worktree, bytes)).catch(() => damaged))
  }
  for (const id of packedIds(store)) infos.push(describePacked(store, id))
  return infos
}

async function describe(worktree: OpenWorktree, bytes: number): Promise<WorktreeInfo> {
  const { record, files, root, snapshot } = worktree
  const { id, source, createdAt, baseTree } = record
  const kept = await snapshot()
  const changes = await listPathChanges(files(root), baseTree, kept.tree)
  const isChanged = changes.length > 0 || (await hasWorkOutsideFiles(worktree, kept))
  const state = isChanged ? 'changed' : 'unchanged'
  return { id, source, createdAt, path: root, state, changedFiles: changes.length, bytes }
}

function describePacked(store: string, id: string): WorktreeInfo {
  const path = join(store, `${id}.bundle`)
  const record = readWorktreeRecord(join(store, `${id}.packed.json`))
  const { size, mtimeMs } = statSync(path)
  const { source = '', createdAt = mtimeMs } = record ?? {}
  return { id, source, path, createdAt, state: 'packed', changedFiles: 0, bytes: size }
}

/** The bytes of all files in a folder, or of a file. Links are not followed; what cannot be read counts 0. */
export async function measureFolderSize(path: string): Promise<number> {
  let bytes = 0
  const folders = [path]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      const stats = await lstat(folder)
      if (!stats.isDirectory()) return stats.size
      for await (const entry of await opendir(folder)) {
        const inner = join(folder, entry.name)
        if (entry.isDirectory()) folders.push(inner)
        else if (entry.isFile()) bytes += (await lstat(inner)).size
      }
    } catch {
      // The folder was deleted meanwhile, or belongs to another user.
    }
  }
  return bytes
}
