import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Replaces a file of the state folder atomically: readers see the old or the new text. @throws the system's error */
export function replaceStateFile(path: string, text: string): void {
  const temporary = `${path}.subagent-mcp-${process.pid}`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flush: true })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
