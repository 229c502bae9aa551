import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Replaces a file of the state folder atomically: readers see the old or the new text. `derived`: the file can be written again, so
 * the call does not wait for the disk, which may take a tenth of a second. @throws the system's error
 */
export function replaceStateFile(path: string, text: string, kind?: 'derived'): void {
  const temporary = `${path}.subagent-mcp-${process.pid}`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flush: kind !== 'derived' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
