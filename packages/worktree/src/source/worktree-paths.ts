import { devNull } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@subagent-mcp/driver-kit'
import { readGitOutput, createPrivateGit, type GitRunner, type GitSettings } from '../git/run-git.js'

export type WorktreePaths = {
  /** The record of the worktree, in JSON. */
  record: string
  /**
   * The git folder by which this program keeps states of files and compares them. The agent's own `.git` is in its copy, and no
   * command of this program runs with it, because the agent can write its settings.
   */
  gitFolder: string
  /** The objects of `gitFolder`. */
  objects: string
  sourceIndex: string
  /** The index file that knows the files of the copy. */
  copyIndex: string
  copies: string
  swap: string
}

export function getWorktreePaths(folder: string): WorktreePaths {
  const gitFolder = join(folder, 'private.git')
  return {
    gitFolder,
    record: join(folder, 'record.json'),
    objects: join(gitFolder, 'objects'),
    sourceIndex: join(gitFolder, 'source.index'),
    copyIndex: join(gitFolder, 'copy.index'),
    copies: join(folder, 'copy'),
    swap: join(folder, 'swap.json'),
  }
}

export type WorkTreeIndex = { workTree: string; index: string }

/** Options to open the private git folder of a worktree. */
export type WorktreeGitFolder = {
  git: string
  environment: Environment
  paths: WorktreePaths
  settings: GitSettings
}

export function openWorktreeGitFolder(
  { git, environment, paths, settings }: WorktreeGitFolder,
  { workTree, index }: WorkTreeIndex,
): GitRunner {
  const { gitFolder } = paths
  const own: GitSettings = [
    ['core.excludesFile', join(gitFolder, 'user-excludes')],
    ['core.attributesFile', devNull],
    ['core.autocrlf', 'false'],
    ['core.safecrlf', 'false'],
    ['core.looseCompression', '1'],
    ['gc.auto', '0'],
    // For users without a name of theirs.
    ['user.name', 'subagent-mcp'],
    ['user.email', 'subagent-mcp@localhost'],
    ...settings,
  ]
  return createPrivateGit({ git, gitFolder, workTree, index, environment, settings: own })
}

/** Attributes that win over those of every `.gitattributes`: no bytes are converted. */
export const noConversionAttributes = '* !text !eol !crlf !filter !ident !working-tree-encoding\n'

/** The paths in a tree of which the index file of a user's checkout has other bytes than the files, because git converts them. */
export async function findConvertedPaths(own: GitRunner, source: GitRunner): Promise<readonly string[]> {
  const staged = await readGitOutput(own, ['ls-files', '-z', '--stage', '--debug'])
  const entries = [...staged.matchAll(stagedEntry)].flatMap(([, id, path, size]) =>
    id === undefined || path === undefined || size === undefined ? [] : [{ id, path, size }],
  )
  const ids = entries.map(({ id }) => `${id}\n`).join('')
  const sizes = (
    await readGitOutput(own, ['cat-file', '--batch-check=%(objectsize)', '--buffer'], ids)
  ).split('\n')
  // Line ends change the size. A filter need not.
  const paths = entries.map(({ path }) => `${path}\0`).join('')
  const attributes = await readGitOutput(source, ['check-attr', '--stdin', '-z', '-a'], paths)
  const filtered = [...attributes.matchAll(/([^\0]+)\0([^\0]+)\0[^\0]+\0/g)].flatMap(([, path, name]) =>
    path !== undefined && ['filter', 'ident', 'working-tree-encoding'].includes(name ?? '') ? [path] : [],
  )
  const resized = entries.filter(({ size }, index) => Number(sizes[index]) % 2 ** 32 !== Number(size))
  return [...new Set([...filtered, ...resized.map(({ path }) => path)])]
}

/** A file or link in an output of `ls-files --stage --debug`, with its id, its path and the size of the file. */
const stagedEntry = /(?:100644|100755|120000) ([0-9a-f]+) 0\t([^\0]+)\0(?: {2}[^\n]*\n){4} {2}size: (\d+)/g
