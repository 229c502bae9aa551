import { readGitOutput } from '../git/run-git.js'
import type { FileSnapshot } from '../git/snapshot-files.js'
import type { OpenWorktree } from './open-worktree.js'

/**
 * Whether an agent left work in its worktree that is not in its files: a repository inside, or a commit, branch or stash of its own
 * repository with other files. Such a worktree is neither removed nor packed.
 */
export async function hasWorkOutsideFiles(
  worktree: OpenWorktree,
  { tree, left }: FileSnapshot,
): Promise<boolean> {
  const { record } = worktree
  if (left.some((line) => !record.left.includes(line))) return true
  const known = new Set([tree, record.baseTree, record.branched])
  return (await agentTrees(worktree)).some((other) => !known.has(other))
}

/** The trees of the branches, tags and stashes in the agent's own repository that were not there when it was made. */
async function agentTrees({ record, agentGit }: OpenWorktree): Promise<readonly string[]> {
  const refs = await agentGit(['for-each-ref', '--format=%(objectname)'])
  // The agent may have deleted or damaged its repository. Its files are compared without it.
  if ('refused' in refs) return []
  const stashes = await agentGit(['rev-list', '--walk-reflogs', 'refs/stash'])
  const tips = `${refs.output}${'refused' in stashes ? '' : stashes.output}`.split('\n').filter(Boolean)
  const trees: string[] = []
  for (const tip of new Set(['HEAD', ...tips])) {
    const old = await agentGit(['merge-base', '--is-ancestor', tip, record.started])
    if (!('refused' in old)) continue
    const tree = await agentGit(['rev-parse', '--verify', '--quiet', `${tip}^{tree}`])
    if (!('refused' in tree)) trees.push(tree.output.trim())
  }
  return trees
}

/** Packs the changes of a worktree into a git bundle that needs no other repository: the base, and one commit on it. */
export async function packWorktreeBundle(worktree: OpenWorktree, tree: string, path: string): Promise<void> {
  const { files, root, record } = worktree
  const git = files(root)
  const commit = async (...args: string[]): Promise<string> =>
    (await readGitOutput(git, ['commit-tree', ...args])).trim()
  const base = await commit(record.baseTree, '-m', `The base of the work of agent ${record.id}`)
  const changes = await commit(tree, '-p', base, '-m', `Changes of agent ${record.id}`)
  await readGitOutput(git, ['update-ref', 'refs/heads/base', base])
  await readGitOutput(git, ['update-ref', 'refs/heads/changes', changes])
  await readGitOutput(git, ['bundle', 'create', '--quiet', path, 'refs/heads/base', 'refs/heads/changes'])
}
