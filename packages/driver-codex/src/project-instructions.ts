import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { foldersAround } from './untrusted-folders.js'

/**
 * What a project's `AGENTS.md` say, from its root down to a folder, in the form in which Codex gives them to its model.
 * Codex itself (0.169) leaves them out where a folder is not trusted. A link out of the project is not followed.
 */
export function projectInstructions(cwd: string): string | undefined {
  const folders = projectFolders(cwd)
  const root = folders[0] ?? cwd
  const texts = folders.flatMap((folder) => {
    const path = names.map((name) => join(folder, name)).find((file) => isWithin(file, root))
    return path === undefined ? [] : [readFileSync(path)]
  })
  const text = Buffer.concat(texts.map((part) => Buffer.concat([part, Buffer.from('\n\n')])))
    .subarray(0, mostBytes)
    .toString()
    .trim()
  return text === ''
    ? undefined
    : `# AGENTS.md instructions for ${cwd}\n\n<INSTRUCTIONS>\n${text}\n</INSTRUCTIONS>`
}

/** The first that is there counts, as for Codex. */
const names = ['AGENTS.override.md', 'AGENTS.md']

/** What Codex reads at most, by itself. */
const mostBytes = 32 * 1024

/** The folders of a project, its root first; without git only the folder itself. */
function projectFolders(cwd: string): readonly string[] {
  const folders = foldersAround(cwd)
  const root = folders.findIndex((folder) => existsSync(join(folder, '.git')))
  return folders.slice(0, Math.max(root, 0) + 1).reverse()
}

function isWithin(file: string, root: string): boolean {
  return (
    existsSync(file) && realpathSync(file).startsWith(realpathSync(root) + sep) && statSync(file).isFile()
  )
}
