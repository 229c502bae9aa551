import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGitOutput, type GitRunner } from '../git/run-git.js'
import { snapshotFiles } from '../git/snapshot-files.js'
import type { ApplyOutcome, ChangeConflict } from '../worktree-store.js'
import { findPlaceConflicts } from './place-conflicts.js'
import { mergeChanges, writeTreeFiles } from './merge-changes.js'
import { readFileStamp, swapFiles, type FileStamp } from './swap-files.js'
import { listTreeChangedFiles, listPathChanges, type TreePathChange } from './tree-changes.js'

/** The difference between two trees, to be merged into the files of a checkout. */
export type TreeChangeDelivery = {
  id: string
  from: string
  to: string
  root: string
  /** The index file that knows its files. */
  index: string
  open(workTree: string, index: string): GitRunner
  /** The journal of the swap, and a folder for temporary files, which does not exist. */
  journal: string
  scratch: string
  /** A text in the journal from which `recover` knows whether the swap was committed. */
  next: string
}

/**
 * Merges the difference between two trees into the files of a checkout: all of it, or nothing. `commit` is called between the last
 * replaced file and the end, and must be one atomic step. @throws SubagentError `io-failed`
 */
export async function applyTreeChanges(
  delivery: TreeChangeDelivery,
  commit: () => void,
): Promise<ApplyOutcome> {
  const { id, from, to, root, index, open, journal, scratch, next } = delivery
  const git = open(root, index)
  const changes = await listPathChanges(git, from, to)
  // Stamps are read before the content, so that what is changed after them is found by its stamp.
  const stamps = new Map(changes.map(({ path }) => [path, readFileStamp(join(root, path))]))
  const { tree } = await snapshotFiles({ git, workTree: root })
  const merged = await mergeChanges({
    changes,
    others: await listPathChanges(git, from, tree),
    open,
    scratch,
  })
  const conflicts = [...merged.conflicts, ...findPlaceConflicts(root, merged.changes)]
  if (conflicts.length > 0) return { type: 'conflicts', conflicts }
  const files = await listTreeChangedFiles(git, from, to)
  const staging = getApplyStagingFolder(root, id)
  try {
    await stage(merged.changes, { git: open(staging, `${index}.new`), staging })
    await swapFiles(
      { journal, root, staging, next, files: merged.changes.map((change) => withStamp(change, stamps)) },
      commit,
    )
  } catch (cause) {
    // While there is a journal, the replaced files are there still.
    if (!existsSync(journal)) rmSync(staging, { recursive: true, force: true })
    if (cause instanceof SubagentError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new SubagentError('io-failed', `the changes were not applied: ${message}`, {
      hint: 'check the permissions of the files, and apply them again',
      cause,
    })
  }
  return { type: 'applied', files, baseMoved: tree !== from }
}

/** The folder in a checkout in which an apply keeps the new and the replaced files while it is under way. */
export function getApplyStagingFolder(root: string, id: string): string {
  return join(root, `.subagent-mcp-apply-${id}`)
}

/** Writes the new files into a folder of the checkout, so that they are renamed on one file system. */
async function stage(
  changes: readonly TreePathChange[],
  { git, staging }: { git: GitRunner; staging: string },
): Promise<void> {
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging)
  writeFileSync(join(staging, '.gitignore'), '*\n')
  const entries = changes.flatMap(({ path, after }) => (after === undefined ? [] : [{ path, ...after }]))
  // Git works in this folder, so that it writes nothing more once the folder is deleted, also if it outlives a killed process.
  if (entries.length > 0) await writeTreeFiles(git, { entries, folder: 'new' })
}

function withStamp(
  { path, after }: TreePathChange,
  stamps: ReadonlyMap<string, FileStamp | undefined>,
): { path: string; before: FileStamp | undefined; isDeleted: boolean } {
  return { path, before: stamps.get(path), isDeleted: after === undefined }
}

/** The difference between two trees, to be put on a third one. */
export type TreeRebase = Pick<TreeChangeDelivery, 'from' | 'to' | 'open' | 'scratch'> & {
  /** The commit or tree on which the difference is put. */
  onto: string
  root: string
  index: string
}

/**
 * Puts the difference between two trees on a third tree. Returns the id of the new tree, which has files in conflict as `to` has
 * them, and the conflicts.
 */
export async function rebaseTree({
  from,
  to,
  onto,
  root,
  index,
  open,
  scratch,
}: TreeRebase): Promise<{ tree: string; conflicts: readonly ChangeConflict[] }> {
  const git = open(root, index)
  const changes = await listPathChanges(git, from, to)
  const others = await listPathChanges(git, from, onto)
  const merged = await mergeChanges({ changes, others, open, scratch })
  const refused = new Set(merged.conflicts.map(({ path }) => path))
  const taken = changes.filter(({ path }) => refused.has(path))
  const nothing = '0'.repeat(onto.length)
  const lines = [...merged.changes, ...taken].map(
    ({ path, after }) => `${after?.mode ?? 0} ${after?.id ?? nothing}\t${path}\0`,
  )
  await readGitOutput(git, ['read-tree', onto])
  await readGitOutput(git, ['update-index', '-z', '--index-info'], lines.join(''))
  const tree = (await readGitOutput(git, ['write-tree', '--missing-ok'])).trim()
  return { tree, conflicts: merged.conflicts }
}
