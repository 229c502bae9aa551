import { createFolderWithParents, pidExists, removeFolderIfPossible } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTreePatch, listPathChanges } from '../delivery/tree-changes.js'
import { deleteFolderTree } from '../disk/delete-worktree.js'
import { readGitOutput, splitAtNul } from '../git/run-git.js'
import type { AgentWorkInspection } from '../worktree-store.js'
import type { OpenWorktree } from './open-worktree.js'

/** Runs work on one worktree or kept state while no other caller does. */
type Alone = <Result>(work: (worktree: OpenWorktree) => Promise<Result>) => Promise<Result>

/** Opens the work of an agent for inspection. Each function takes the lock for itself, so that a long check blocks nobody. */
export function openWorkInspection(alone: Alone): AgentWorkInspection {
  return {
    place: () => alone(({ root, record: { below } }) => Promise.resolve({ root, folder: below })),
    trees: () =>
      alone(async ({ record, snapshot }) => ({ base: record.baseTree, now: (await snapshot()).tree })),
    changed: (from, to) =>
      alone(async ({ files, root }) =>
        (await listPathChanges(files(root), from, to)).map(({ path }) => path),
      ),
    diff: (from, to) => alone(async ({ files, root }) => (await readTreePatch(files(root), from, to)).patch),
    text: (tree, path) => alone((worktree) => textOf(worktree, tree, path)),
    checkOut: (tree) => alone((worktree) => checkOut(worktree, tree)),
    removeCheckout: () => alone(({ folder }) => deleteFolderTree(checkoutIn(folder))),
  }
}

const longestText = 2 ** 20

async function textOf(
  { files, root }: OpenWorktree,
  tree: string,
  path: string,
): Promise<string | undefined> {
  const found = await files(root)(['cat-file', 'blob', `${tree}:${path}`])
  if ('refused' in found || found.output.length > longestText || found.output.includes('\0')) return undefined
  return found.output
}

/** The beginning of the names of folders with a checked out tree. A process id is at their end. */
const checkoutPrefix = 'checkout.'

function checkoutIn(folder: string): string {
  return join(folder, `${checkoutPrefix}${process.pid}`)
}

/**
 * Writes the files of a tree into a folder of its own, and links what git ignores in the agent's folder into it, such as installed
 * packages. Returns the agent's folder in it.
 */
async function checkOut({ record, folder, root, open, files }: OpenWorktree, tree: string): Promise<string> {
  const place = checkoutIn(folder)
  removeFolderIfPossible(place)
  createFolderWithParents(join(place, 'files'), 0o755)
  const there = open(join(place, 'files'), join(place, 'index'))
  await readGitOutput(there, ['read-tree', tree])
  await readGitOutput(there, ['checkout-index', '--all', '--force', '--quiet'])
  const ignored = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z']
  for (const path of splitAtNul(await readGitOutput(files(root), ignored)).slice(0, mostLinks))
    linkInto(join(place, 'files'), { root, path: path.replace(/\/$/, '') })
  createFolderWithParents(join(place, 'files', record.below), 0o755)
  return join(place, 'files', record.below)
}

const mostLinks = 1_000

function linkInto(copy: string, { root, path }: { root: string; path: string }): void {
  const link = join(copy, path)
  if (existsSync(link)) return
  createFolderWithParents(dirname(link), 0o755)
  // Windows lets users without more rights make junctions only, which are for folders.
  symlinkSync(join(root, path), link, 'junction')
}

/** Removes the checked out trees that killed processes left in the folder of a worktree. */
export function removeAbandonedCheckouts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(name.slice(checkoutPrefix.length))
    if (name.startsWith(checkoutPrefix) && !pidExists(pid)) removeFolderIfPossible(join(folder, name))
  }
}
