import { existsSync, readFileSync } from 'node:fs'

/**
 * The lines of a file to which another process appends, in order; none while there is no file. A last line without its
 * line break is left out, because it may be half of what is being written.
 */
export function appendedLines(path: string): readonly string[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}
