import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Worktree } from '../worktree-store.js'

/** The file beside a copy by which it is found again. */
export const WorktreeRecord = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  source: z.string(),
  /** The caller's folder below the root. */
  below: z.string(),
  /** The name of the copy's folder; empty for a state of the user's own folder, which has no copy. */
  name: z.string(),
  createdAt: z.number(),
  /** The commit id of the user's `HEAD`; missing before the first commit. */
  head: z.string().exactOptional(),
  /** In a worktree of a worktree: the `HEAD` of the user's own repository, which has the history before it. */
  outerHead: z.string().exactOptional(),
  /** The commit id of the base, and the id of its tree. */
  base: z.string(),
  baseTree: z.string(),
  /** The first base, which is the commit that the agent found. */
  started: z.string(),
  /** The id of the tree that the newest branch delivered. */
  branched: z.string().exactOptional(),
  /** In a state of the user's own folder: the id of the tree that the agent's last turn left; missing while a turn runs. */
  after: z.string().exactOptional(),
  /**
   * In a state of the user's own folder: files in which others changed the agent's lines between its turns. The base
   * has both edits.
   */
  edited: z.array(z.string()).exactOptional(),
  left: z.array(z.string()),
  /** Settings of git that came from the user's repository. */
  settings: z.array(z.tuple([z.string(), z.string()])),
})
export type WorktreeRecord = z.infer<typeof WorktreeRecord>

/** Reads a record. Undefined for a missing one. @throws SubagentError `config-unreadable` */
export function readWorktreeRecord(path: string): WorktreeRecord | undefined {
  if (!existsSync(path)) return undefined
  try {
    return WorktreeRecord.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const hint = 'the copy of the files is in the folder beside it'
    throw new SubagentError('config-unreadable', `${path} is not a valid record of a worktree`, {
      hint,
      cause,
    })
  }
}

/** Replaces a JSON file in one step, so that a crash leaves the old or the new one. */
export function replaceJsonFile(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flush: true })
  renameSync(temporary, path)
}

/** The worktree of a record whose folder is `folder`. */
export function createWorktreeFromRecord(
  { id, source, below, name, base, left }: WorktreeRecord,
  folder: string,
): Worktree {
  const root = name === '' ? source : join(folder, 'copy', name)
  return { id, source, base, left, root, folder: join(root, below) }
}
