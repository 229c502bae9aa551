import { fileStamp, folderAndParents } from '@subagent-mcp/driver-kit'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The stamp of an executable, with links followed, and of the `package.json` around it, because an upgrade of a package
 * may not change its script. Undefined when there is no executable.
 */
export function installStamp(command: string): string | undefined {
  try {
    const file = realpathSync(command)
    return [file, packageOf(dirname(file))]
      .flatMap((path) => path ?? [])
      .map(fileStamp)
      .join('\n')
  } catch {
    // It does not exist, or cannot be read.
    return undefined
  }
}

function packageOf(folder: string): string | undefined {
  return folderAndParents(folder)
    .map((around) => join(around, 'package.json'))
    .find((file) => existsSync(file))
}
