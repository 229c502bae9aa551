import { SubagentError } from '@subagent-mcp/contract'
import { removeFolder, type Environment } from '@subagent-mcp/driver-kit'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isWorktreeId } from '../disk/discard-folder.js'
import { readRecord, worktreeOf, type WorktreeRecord } from '../disk/worktree-record.js'
import { findGit, privateGit, type GitRunner } from '../git/run-git.js'
import { snapshotFiles, type FileSnapshot } from '../git/snapshot-files.js'
import { openPrivateFolder, worktreePaths, type WorktreePaths } from '../source/private-folder.js'

/** A worktree on disk, for one operation on it. */
export type OpenWorktree = {
  record: WorktreeRecord
  paths: WorktreePaths
  folder: string
  /** The root of the copy. */
  root: string
  /** Opens git with the private git folder, a work tree and an index file. */
  open(workTree: string, index: string): GitRunner
  /** Opens git on the copy. */
  files(root: string): GitRunner
  /** Runs git in the agent's own repository, which it can change: for reading only. */
  agentGit: GitRunner
  /** Keeps the files of the copy as a tree, whatever the agent did with its own repository. */
  snapshot(): Promise<FileSnapshot>
  /** A folder for temporary files, which does not exist. */
  scratch: string
}

/** Opens a worktree. The caller holds its lock. @throws SubagentError `invalid-parameter` for an unknown id */
export function openWorktree({
  store,
  id,
  environment,
}: {
  store: string
  id: string
  environment: Environment
}): OpenWorktree {
  const folder = join(store, id)
  const paths = worktreePaths(folder)
  const record = isWorktreeId(id) ? readRecord(paths.record) : undefined
  if (record === undefined)
    throw new SubagentError('invalid-parameter', `there is no worktree ${JSON.stringify(id)}`, {
      hint: 'it may be discarded already',
    })
  const git = findGit(environment, 'isolation')
  const opening = { git, environment, paths, settings: record.settings }
  const open = (workTree: string, index: string): GitRunner => openPrivateFolder(opening, { workTree, index })
  const files = (root: string): GitRunner => open(root, paths.copyIndex)
  const { root } = worktreeOf(record, folder)
  const scratch = join(folder, 'scratch')
  const gitFolder = join(root, '.git')
  const own = { git, gitFolder, workTree: root, index: join(gitFolder, 'index'), environment }
  removeLeftovers(paths, scratch)
  return {
    ...{ record, paths, folder, root, open, files, scratch, agentGit: privateGit(own) },
    snapshot: () => snapshotFiles({ git: files(root), workTree: root }),
  }
}

/** Removes what killed processes left: temporary files, and lock files of git in the private git folder. */
function removeLeftovers({ gitFolder }: WorktreePaths, scratch: string): void {
  removeFolder(scratch)
  for (const name of readdirSync(gitFolder))
    if (name.endsWith('.lock')) rmSync(join(gitFolder, name), { force: true })
}
