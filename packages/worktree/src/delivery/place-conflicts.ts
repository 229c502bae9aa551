import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readFileStats } from '../disk/file-stats.js'
import type { ChangeConflict } from '../worktree-store.js'
import type { TreePathChange } from './tree-changes.js'

/**
 * Finds what stands in the way of new files in a checkout and is in no tree: ignored files, folders, and links in place of folders.
 * A new file never replaces one, and is never written through a link.
 */
export function findPlaceConflicts(
  root: string,
  changes: readonly TreePathChange[],
): readonly ChangeConflict[] {
  const deleted = new Set(changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])))
  const folded = new Set([...deleted].map((path) => path.toLowerCase()))
  return changes.flatMap(({ path, before, after }) => {
    if (path.split('/').some((part) => part.toLowerCase() === '.git'))
      return [{ path, reason: 'it is in the folder of a git repository' }]
    const above = after === undefined ? undefined : findObstacleAbove(root, path, deleted)
    if (above !== undefined) return [{ path, reason: `${above} is not a folder` }]
    if (before !== undefined || after === undefined) return []
    const stats = readFileStats(join(root, path))
    // On a disk that ignores case, a file whose name changes only in case stands in its own way.
    if (stats === undefined || deleted.has(path) || folded.has(path.toLowerCase())) return []
    if (!stats.isDirectory()) return [{ path, reason: 'an ignored file is in its place' }]
    const kept = firstFile(root, path, deleted)
    return kept === undefined ? [] : [{ path, reason: `a folder with ${kept} is in its place` }]
  })
}

/** The topmost part of a path above its name that exists and is no folder, such as a link, and is not in `deleted`. */
export function findObstacleAbove(
  root: string,
  path: string,
  deleted: ReadonlySet<string> = new Set(),
): string | undefined {
  const parent = dirname(path)
  if (parent === '.') return undefined
  const above = findObstacleAbove(root, parent, deleted)
  if (above !== undefined || deleted.has(parent)) return above
  const stats = readFileStats(join(root, parent))
  return stats === undefined || stats.isDirectory() ? undefined : parent
}

/** A file in a folder that is not deleted. */
function firstFile(root: string, folder: string, deleted: ReadonlySet<string>): string | undefined {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    const found = entry.isDirectory() ? firstFile(root, path, deleted) : deleted.has(path) ? undefined : path
    if (found !== undefined) return found
  }
  return undefined
}
