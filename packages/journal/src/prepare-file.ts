import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './io-failure.js'

/**
 * Sees to it that the file is there and the user's alone; SQLite gives the files beside it the same mode. A folder that
 * is there already stays as it is.
 */
export function prepareFile(path: string): void {
  makeFolder(dirname(path))
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
    // Not by opening it: to close a file gives up the locks that another connection of this process has on it.
    chmodSync(path, 0o600)
  }
}

/** Not by Node's own `recursive`: it tries for ever in a folder in which nothing can be made, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    // Somebody else may have made it meanwhile.
    if (!existsSync(path)) throw cause
  }
}
