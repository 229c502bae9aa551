import { existsSync, readFileSync, realpathSync } from 'node:fs'

/** Whether a file may contain a text. True for a file that cannot be read, false for a missing one. */
export function mayFileContainText(path: string, text: RegExp): boolean {
  if (!existsSync(path)) return false
  try {
    return text.test(readFileSync(path, 'utf8'))
  } catch {
    return true
  }
}

/** A path with all links followed; a path that does not exist is returned as it is. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
