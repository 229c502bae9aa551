import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFolderAndParents } from '../project/project-root.js'

/** A text that changes when a file is replaced or written, such as by an upgrade. */
export function computeFileStamp(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return `${path} ${mtimeMs} ${size}`
}

/**
 * The stamp of an executable, with links followed, and of the `package.json` around it, because an upgrade of a package
 * may not change its script. Undefined when there is no executable.
 */
export function computeExecutableStamp(command: string): string | undefined {
  try {
    const file = realpathSync(command)
    const manifest = listFolderAndParents(dirname(file))
      .map((folder) => join(folder, 'package.json'))
      .find((path) => existsSync(path))
    return [file, ...(manifest === undefined ? [] : [manifest])].map(computeFileStamp).join('\n')
  } catch {
    // The executable does not exist, or cannot be read.
    return undefined
  }
}
