import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project of a folder: the real path of its git root, or of the folder itself outside of git. @throws the system's error */
export function findProjectRoot(folder: string): string {
  // The native variant returns names in the case of the disk, where another case leads to the same file.
  const real = realpathSync.native(folder)
  return listFoldersToGitRoot(real).at(-1) ?? real
}

/** A folder and its parents up to the root of its git repository, the folder itself first; without git only the folder. */
export function listFoldersToGitRoot(folder: string): readonly string[] {
  const folders = listFolderAndParents(folder)
  const root = folders.findIndex((candidate) => existsSync(join(candidate, '.git')))
  return folders.slice(0, Math.max(root, 0) + 1)
}

/** A folder and all its parents, the folder itself first. */
export function listFolderAndParents(folder: string): readonly string[] {
  const parent = dirname(folder)
  return [folder, ...(parent === folder ? [] : listFolderAndParents(parent))]
}
