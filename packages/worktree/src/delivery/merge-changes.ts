import { removeFolderIfPossible } from '@subagent-mcp/driver-kit'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readGitOutput, type GitRunner } from '../git/run-git.js'
import type { ChangeConflict } from '../worktree-store.js'
import { linkMode, submoduleMode, type TreePathChange, type TreeEntry } from './tree-changes.js'

/** Changes to merge into another state of the same files. */
export type TreeMerge = {
  changes: readonly TreePathChange[]
  /** The changes from the same base to the state into which they are merged. */
  others: readonly TreePathChange[]
  open(workTree: string, index: string): GitRunner
  /** A folder for temporary files, which does not exist. */
  scratch: string
}

/**
 * The result of a merge: the paths to change in the other state, each with its old and new entry, and the conflicts.
 */
export type TreeMergeResult = { changes: readonly TreePathChange[]; conflicts: readonly ChangeConflict[] }

/**
 * Merges changes into another state, file by file. A file that only one side changed is taken from it; the lines of one that both
 * changed are merged. New objects are written into the private git folder. @throws SubagentError `io-failed`
 */
export async function mergeChanges({ changes, others, open, scratch }: TreeMerge): Promise<TreeMergeResult> {
  const theirs = new Map(others.map(({ path, after }) => [path, after]))
  const merged: TreePathChange[] = []
  const conflicts: ChangeConflict[] = []
  const both: Both[] = []
  for (const { path, before, after } of changes) {
    const now = theirs.has(path) ? theirs.get(path) : before
    const modes = [before, after, now].map((entry) => entry?.mode)
    if (isSame(now, after)) continue
    if (modes.includes(submoduleMode)) conflicts.push({ path, reason: 'it is a submodule' })
    else if (isSame(now, before)) merged.push({ path, before: now, after })
    else if (before && after && now && !modes.includes(linkMode)) both.push({ path, before, after, now })
    else conflicts.push({ path, reason: reasonOf({ before, after, now }) })
  }
  if (both.length > 0) {
    const lines = await mergeLines(both, { open, scratch })
    merged.push(...lines.changes)
    conflicts.push(...lines.conflicts)
  }
  return { changes: merged, conflicts }
}

/** A file that both sides changed: its entries in the base, with the changes, and in the other state. */
type Both = { path: string; before: TreeEntry; after: TreeEntry; now: TreeEntry }

function isSame(one: TreeEntry | undefined, other: TreeEntry | undefined): boolean {
  return one?.id === other?.id && one?.mode === other?.mode
}

function reasonOf({ before, after, now }: Record<'before' | 'after' | 'now', TreeEntry | undefined>): string {
  if (before === undefined) return 'both sides added it, with different content'
  if (now === undefined) return 'you deleted it, the agent changed it'
  // An apply deletes what the agent deleted, an undo what it added.
  return after === undefined ? 'it would be deleted, and you changed it' : 'it is a link on one side'
}

/** Merges the lines of files. Git writes each version into a folder, and merges there. */
async function mergeLines(
  both: readonly Both[],
  { open, scratch }: Pick<TreeMerge, 'open' | 'scratch'>,
): Promise<TreeMergeResult> {
  mkdirSync(scratch, { recursive: true })
  try {
    for (const side of ['before', 'after', 'now'] as const)
      await writeTreeFiles(open(scratch, join(scratch, `${side}.index`)), {
        entries: both.map((file, index) => ({ path: String(index), ...file[side] })),
        folder: side,
      })
    const git = open(scratch, join(scratch, 'index'))
    const changes: TreePathChange[] = []
    const conflicts: ChangeConflict[] = []
    for (const [index, { path, before, after, now }] of both.entries()) {
      const result = await git([
        'merge-file',
        '-q',
        ...['now', 'before', 'after'].map((side) => `${side}/${index}`),
      ])
      if ('refused' in result) {
        // The exit code is the number of conflicts, at most 127.
        const isText = typeof result.code === 'number' && result.code < 128
        conflicts.push({
          path,
          reason: isText ? 'both sides changed the same lines' : 'both sides changed it',
        })
        continue
      }
      const id = (await readGitOutput(git, ['hash-object', '-w', '--no-filters', `now/${index}`])).trim()
      const mode = after.mode === before.mode ? now.mode : after.mode
      changes.push({ path, before: now, after: { id, mode } })
    }
    return { changes, conflicts }
  } finally {
    removeFolderIfPossible(scratch)
  }
}

/** Writes entries of trees as files into a folder of the work tree. The runner's index file is overwritten. */
export async function writeTreeFiles(
  git: GitRunner,
  { entries, folder }: { entries: readonly (TreeEntry & { path: string })[]; folder: string },
): Promise<void> {
  const lines = entries.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join('')
  await readGitOutput(git, ['read-tree', '--empty'])
  await readGitOutput(git, ['update-index', '-z', '--index-info'], lines)
  await readGitOutput(git, ['checkout-index', '--all', '--force', '--quiet', `--prefix=${folder}/`])
}
