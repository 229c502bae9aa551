import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { folderAndParents } from '../project/project-root.js'

/** A text that changes when a file is replaced or written, such as by an upgrade. */
export function fileStamp(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return `${path} ${mtimeMs} ${size}`
}

/**
 * The stamp of an executable, with links followed, and of the `package.json` around it, because an upgrade of a package
 * may not change its script. Undefined when there is no executable.
 */
export function executableStamp(command: string): string | undefined {
  try {
    const file = realpathSync(command)
    const manifest = folderAndParents(dirname(file))
      .map((folder) => join(folder, 'package.json'))
      .find((path) => existsSync(path))
    return [file, ...(manifest === undefined ? [] : [manifest])].map(fileStamp).join('\n')
  } catch {
    // The executable does not exist, or cannot be read.
    return undefined
  }
}
