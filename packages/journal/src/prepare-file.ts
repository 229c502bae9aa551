import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './io-failure.js'

/**
 * Sees to it that the file is there and the user's alone; SQLite gives the files beside it the same mode. A folder that
 * is there already stays as it is.
 */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
    // Not by opening it: to close a file gives up the locks that another connection of this process has on it.
    chmodSync(path, 0o600)
  }
}
