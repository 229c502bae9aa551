import { SubagentError } from '@subagent-mcp/contract'
import { join } from 'node:path'
import { readFileStats } from '../disk/file-stats.js'
import { readGitOutput, splitAtNul, type GitRunner } from './run-git.js'

/** The state of the files of a work tree: the id of a git tree with their raw bytes, and what git cannot hold, one line each. */
export type FileSnapshot = { tree: string; left: readonly string[] }

/** The work tree to keep. The runner has a git folder of this program and an index file of this work tree. */
export type SnapshotOptions = {
  git: GitRunner
  workTree: string
  /** Paths that were added to the index with converted bytes, and are read again. */
  reread?: readonly string[]
  /** The most bytes of files that differ from the index. Default: any number. */
  mostBytes?: number
}

/**
 * Keeps the raw bytes of all files that are not ignored as a git tree, and updates the index file. Only files that differ from
 * the index are read. @throws SubagentError `io-failed` for a file that cannot be read; `not-supported` for more than `mostBytes`
 */
export async function snapshotFiles({
  git,
  workTree,
  reread = [],
  mostBytes = Infinity,
}: SnapshotOptions): Promise<FileSnapshot> {
  const submodules = await followUnwatched(git)
  const ignoring = ['--others', '--exclude-standard', '-z']
  const listOthers = async () => splitAtNul(await readGitOutput(git, ['ls-files', ...ignoring]))
  const others = await listOthers()
  // Git does not list the files of a repository inside the work tree: it names only the folder, with a slash at the end.
  const repositories = others.filter((path) => path.endsWith('/'))
  const changed = await changedFiles(git)
  const gone = changed.filter(({ path, status }) => status === 'D' || isFolder(join(workTree, path)))
  const update = (...options: readonly string[]): readonly string[] => [
    'update-index',
    '-z',
    ...options,
    '--stdin',
  ]
  const remove = new Set([...gone.map(({ path }) => path), ...reread])
  if (remove.size > 0) await readGitOutput(git, update('--force-remove'), listed([...remove]))
  const paths = new Set([...reread, ...changed.map(({ path }) => path)])
  for (const { path } of gone) paths.delete(path)
  const added = others.filter((path) => !path.endsWith('/'))
  for (const path of added) paths.add(path)
  checkSize(workTree, paths, mostBytes)
  if (paths.size > 0) await readGitOutput(git, update('--add', '--remove', '--replace'), listed([...paths]))
  const tree = (await readGitOutput(git, ['write-tree', '--missing-ok'])).trim()
  // Git adds no file with a name such as git~1, without an error.
  const known = new Set(added)
  const refused = known.size === 0 ? [] : (await listOthers()).filter((path) => known.has(path))
  return { tree, left: [...submodules, ...repositories.map(nestedLine), ...refused.map(refusedLine)] }
}

function checkSize(workTree: string, paths: Iterable<string>, mostBytes: number): void {
  const files = [...paths].map((path) => ({
    path,
    size: Number(readFileStats(join(workTree, path))?.size ?? 0),
  }))
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (total <= mostBytes) return
  const [largest] = files.toSorted((one, other) => other.size - one.size)
  const problem = `the files of ${workTree} that are not committed have ${gigabytes(total)} in all, and a copy takes ${gigabytes(mostBytes)} at most`
  throw new SubagentError('not-supported', `${problem}; the largest is ${largest?.path ?? ''}`, {
    hint: 'name what is not needed in .gitignore, or commit it',
  })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`
}

/**
 * Makes git look at the files that the user told it not to look at, and drops those that a sparse checkout leaves out. Returns a
 * line for each submodule.
 */
async function followUnwatched(git: GitRunner): Promise<readonly string[]> {
  const entries = splitAtNul(await readGitOutput(git, ['ls-files', '-v', '--stage', '-z']))
  const pathOf = (entry: string): string => entry.slice(entry.indexOf('\t') + 1)
  const unwatched = entries.filter((entry) => /^[a-zS] /.test(entry)).map(pathOf)
  if (unwatched.length > 0)
    for (const option of ['--no-assume-unchanged', '--no-skip-worktree'])
      await readGitOutput(git, ['update-index', '-z', option, '--stdin'], listed(unwatched))
  return entries
    .filter((entry) => /^. 160000 /.test(entry))
    .map((entry) => `${pathOf(entry)}/ (a submodule, whose files stay behind)`)
}

function refusedLine(path: string): string {
  return `${path} (git keeps no file with this name)`
}

function nestedLine(path: string): string {
  return `${path} (a git repository of its own)`
}

/** A line for each folder without files that are not ignored, as far as git sees it: the topmost ones. */
export async function listEmptyFolders(git: GitRunner): Promise<readonly string[]> {
  const others = ['ls-files', '--others', '--exclude-standard', '-z', '--directory']
  const all = splitAtNul(await readGitOutput(git, others))
  const filled = new Set(splitAtNul(await readGitOutput(git, [...others, '--no-empty-directory'])))
  return all
    .filter((path) => path.endsWith('/') && !filled.has(path))
    .map((path) => `${path} (an empty folder)`)
}

/** The tracked files that differ from the index, each once, with git's letter: `D` is one that is missing or behind a link. */
async function changedFiles(git: GitRunner): Promise<readonly { path: string; status: string }[]> {
  const args = ['diff-files', '-z', '--name-status', '--no-renames', '--ignore-submodules=all']
  const output = await readGitOutput(git, args)
  const files = [...output.matchAll(/([A-Z])\0([^\0]+)\0/g)].flatMap(([, status, path]) =>
    status === undefined || path === undefined ? [] : [[path, status] as const],
  )
  // A file with a merge conflict is listed twice, the second time as it is now.
  return [...new Map(files)].map(([path, status]) => ({ path, status }))
}

function isFolder(path: string): boolean {
  return readFileStats(path)?.isDirectory() ?? false
}

/** Names for the input of git. @throws SubagentError `not-supported` for one that this program cannot read as text */
function listed(paths: readonly string[]): string {
  const odd = paths.find((path) => path.includes('\uFFFD'))
  if (odd !== undefined)
    throw new SubagentError('not-supported', `the name ${JSON.stringify(odd)} is not valid UTF-8`, {
      hint: 'rename the file',
    })
  return paths.map((path) => `${path}\0`).join('')
}
