import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { listFoldersToGitRoot } from './project-root.js'

/**
 * The text of a project's instruction files, such as `AGENTS.md`, from its root down to a folder, in the format of Codex;
 * undefined when there are none. For CLIs that do not read these files in an untrusted project. In each folder the first of
 * `names` that exists counts. A link out of the project is not followed.
 */
export function readProjectInstructions(
  cwd: string,
  { names, title }: { names: readonly string[]; title: string },
): string | undefined {
  const folders = listFoldersToGitRoot(cwd).toReversed()
  const root = folders[0] ?? cwd
  const texts = folders.flatMap((folder) => {
    const path = names.map((name) => join(folder, name)).find((file) => isFileWithin(file, root))
    return path === undefined ? [] : [readFileSync(path)]
  })
  const text = Buffer.concat(texts.map((part) => Buffer.concat([part, Buffer.from('\n\n')])))
    .subarray(0, mostBytes)
    .toString()
    .trim()
  return text === ''
    ? undefined
    : `# ${title} instructions for ${cwd}\n\n<INSTRUCTIONS>\n${text}\n</INSTRUCTIONS>`
}

/** The most bytes of project instructions, as in Codex. */
const mostBytes = 32 * 1024

function isFileWithin(file: string, root: string): boolean {
  return (
    existsSync(file) && realpathSync(file).startsWith(realpathSync(root) + sep) && statSync(file).isFile()
  )
}
