import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The daemon writes these files of the state folder, and hooks read them before each prompt or tool call.

/** Reads a file for hooks; undefined for one that is missing, unreadable or of another version. Never throws. */
export function readHookFile(stateFolder: string, name: string): Record<string, unknown> | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(join(stateFolder, name), 'utf8'))
    return isJsonObject(file) && file['version'] === 1 ? file : undefined
  } catch {
    // A host must not fail because of this file; mail and reports wait where they are all the same.
    return undefined
  }
}

/**
 * Writes a file for hooks. Without content the file is removed, because hook lines test in the shell whether it exists.
 * @throws the system's error
 */
export function writeHookFile(stateFolder: string, name: string, content: object | undefined): void {
  const path = join(stateFolder, name)
  if (content === undefined) {
    rmSync(path, { force: true })
    return
  }
  createFolderWithParents(stateFolder)
  replaceStateFile(path, `${JSON.stringify({ version: 1, ...content })}\n`, 'derived')
}

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

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
