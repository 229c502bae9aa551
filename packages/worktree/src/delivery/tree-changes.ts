import { omitUndefined } from '@subagent-mcp/contract'
import { readGitOutput, type GitRunner } from '../git/run-git.js'
import type { ChangedWorktreeFile } from '../worktree-store.js'

/** A file, link or submodule in a tree: its mode as git writes it, and the id of its object. */
export type TreeEntry = { mode: string; id: string }

/** A path that differs between two trees. Undefined stands for no file. */
export type TreePathChange = { path: string; before: TreeEntry | undefined; after: TreeEntry | undefined }

/** The modes of links and submodules. Files have `100644` and, when they can be run, `100755`. */
export const [linkMode, submoduleMode] = ['120000', '160000']

/** Options by which a diff looks the same everywhere, and enters no submodule. */
const plain = ['-r', '--no-ext-diff', '--no-textconv', '--no-color', '--submodule=short']

/** The paths that differ between two trees, without renames, in git's order. */
export async function listPathChanges(
  git: GitRunner,
  from: string,
  to: string,
): Promise<readonly TreePathChange[]> {
  const output = await readGitOutput(git, ['diff-tree', ...plain, '--raw', '-z', '--no-renames', from, to])
  return [...output.matchAll(rawEntry)].flatMap(
    ([, oldMode = '', mode = '', oldId = '', id = '', path = '']) => [
      { path, before: entryOf(oldMode, oldId), after: entryOf(mode, id) },
    ],
  )
}

const rawEntry = /:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\0([^\0]+)\0/g

function entryOf(mode: string, id: string): TreeEntry | undefined {
  return mode === '000000' ? undefined : { mode, id }
}

/** The files that differ between two trees, with renames and numbers of lines. */
export async function listTreeChangedFiles(
  git: GitRunner,
  from: string,
  to: string,
): Promise<readonly ChangedWorktreeFile[]> {
  const args = ['diff-tree', ...plain, '--raw', '--numstat', '-z', '--find-renames', from, to]
  const parts = (await readGitOutput(git, args)).split('\0')
  const files = new Map<string, ChangedWorktreeFile>()
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    const letter = /^:.* ([A-Z])\d*$/.exec(part)?.[1]
    if (letter !== undefined) {
      const from = letter === 'R' ? parts[(at += 1)] : undefined
      const path = parts[(at += 1)] ?? ''
      files.set(path, { path, status: statuses[letter] ?? 'modified', ...omitUndefined({ from }) })
      continue
    }
    const [, added, removed, name] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(part) ?? []
    if (name === undefined) continue
    // A renamed file has two names, in parts of their own.
    const path = name === '' ? (parts[(at += 2)] ?? '') : name
    const file = files.get(path)
    if (file && added !== '-') files.set(path, { ...file, added: Number(added), removed: Number(removed) })
  }
  return [...files.values()]
}

const statuses: Readonly<Record<string, ChangedWorktreeFile['status']>> = {
  A: 'added',
  D: 'deleted',
  R: 'renamed',
}

const longestPatch = 16 * 2 ** 20

/** The diff between two trees as text, and whether its end is missing because it is too long. */
export async function readTreePatch(
  git: GitRunner,
  from: string,
  to: string,
): Promise<{ patch: string; patchCut: boolean }> {
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/']
  const patch = await readGitOutput(git, [
    'diff-tree',
    ...plain,
    ...prefixes,
    '-p',
    '--find-renames',
    from,
    to,
  ])
  return { patch: patch.slice(0, longestPatch), patchCut: patch.length > longestPatch }
}
