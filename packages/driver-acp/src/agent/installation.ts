import { fileStamp } from '@subagent-mcp/driver-kit'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Names what is installed at a path, links followed. An agent may be a script of a package, of which an upgrade need not
 * change that file: the package's own goes in too. `undefined` when it is not there.
 */
export function installationOf(command: string): string | undefined {
  try {
    const file = realpathSync(command)
    return [file, packageOf(dirname(file))]
      .flatMap((path) => path ?? [])
      .map(fileStamp)
      .join('\n')
  } catch {
    // It is gone, or cannot be looked at.
    return undefined
  }
}

function packageOf(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return file
  const parent = dirname(folder)
  return parent === folder ? undefined : packageOf(parent)
}
