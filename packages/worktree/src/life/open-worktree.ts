import { SubagentError } from '@subagent-mcp/contract'
import { removeFolderIfPossible, type Environment } from '@subagent-mcp/driver-kit'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isWorktreeId } from '../disk/delete-worktree.js'
import { readWorktreeRecord, createWorktreeFromRecord, type WorktreeRecord } from '../disk/worktree-record.js'
import { findGitExecutable, createPrivateGit, type GitRunner } from '../git/run-git.js'
import { snapshotFiles, type FileSnapshot } from '../git/snapshot-files.js'
import { openWorktreeGitFolder, getWorktreePaths, type WorktreePaths } from '../source/worktree-paths.js'

export type OpenWorktree = {
  record: WorktreeRecord
  paths: WorktreePaths
  folder: string
  root: string
  /** Opens git with the private git folder, a work tree and an index file. */
  open(workTree: string, index: string): GitRunner
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
  const paths = getWorktreePaths(folder)
  const record = isWorktreeId(id) ? readWorktreeRecord(paths.record) : undefined
  if (record === undefined)
    throw new SubagentError('invalid-parameter', `there is no worktree ${JSON.stringify(id)}`, {
      hint: 'it may be discarded already',
    })
  const git = findGitExecutable(environment, 'isolation')
  const opening = { git, environment, paths, settings: record.settings }
  const open = (workTree: string, index: string): GitRunner =>
    openWorktreeGitFolder(opening, { workTree, index })
  const index = record.name === '' ? paths.sourceIndex : paths.copyIndex
  const files = (root: string): GitRunner => open(root, index)
  const { root } = createWorktreeFromRecord(record, folder)
  const scratch = join(folder, 'scratch')
  const gitFolder = join(root, '.git')
  const own = { git, gitFolder, workTree: root, index: join(gitFolder, 'index'), environment }
  removeLeftovers(paths, scratch)
  return {
    ...{ record, paths, folder, root, open, files, scratch, agentGit: createPrivateGit(own) },
    snapshot: () => snapshotFiles({ git: files(root), workTree: root }),
  }
}

/** Removes temporary files of killed processes, and their lock files of git in the private git folder. */
function removeLeftovers({ gitFolder }: WorktreePaths, scratch: string): void {
  removeFolderIfPossible(scratch)
  for (const name of readdirSync(gitFolder))
    if (name.endsWith('.lock')) rmSync(join(gitFolder, name), { force: true })
}
