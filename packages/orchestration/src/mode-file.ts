import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from './hook-file.js'

// The hook reads this file before each prompt and tool call.

export type StoredOrchestrationMode = {
  /** When the mode was turned on, in Unix milliseconds, as is `expires`. */
  since: number
  /** The program in which the mode was turned on: `terminal`, or the name of an MCP client. */
  by: string
  /** The session of the host in which the mode was turned on, if the host names it. */
  session?: string
  expires?: number
}

/** The projects with orchestration mode, by the real path of their root; an entry may have expired. */
export type OrchestrationModesByProject = ReadonlyMap<string, StoredOrchestrationMode>

/** The path of the file that stores orchestration mode. It exists only while the mode is on in a project, because hook lines test for it in the shell. */
export function getModesFilePath(stateFolder: string): string {
  return join(stateFolder, 'modes.json')
}

/** Returns the orchestration mode of a project; undefined when it is off or has expired. */
export function findProjectMode(
  modes: OrchestrationModesByProject,
  project: string,
  now: number,
): StoredOrchestrationMode | undefined {
  const entry = modes.get(project)
  return entry && isProjectModeOn(entry, now) ? entry : undefined
}

/** Whether a project's entry has not expired. */
export function isProjectModeOn({ expires }: StoredOrchestrationMode, now: number): boolean {
  return expires === undefined || now < expires
}

/** Reads the file that stores orchestration mode. Empty without a file; undefined for one that is unreadable or of a newer version. Never throws. */
export function readModesFile(path: string): OrchestrationModesByProject | undefined {
  try {
    return parseModesFile(readFileSync(path, 'utf8'))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing ? new Map() : undefined
  }
}

/** Parses the file that stores orchestration mode; undefined for another shape or version. @throws SyntaxError for text that is no JSON */
export function parseModesFile(text: string): OrchestrationModesByProject | undefined {
  const file: unknown = JSON.parse(text)
  if (!isJsonObject(file) || file['version'] !== 1 || !isJsonObject(file['projects'])) return undefined
  const entries = new Map<string, StoredOrchestrationMode>()
  for (const [project, value] of Object.entries(file['projects'])) {
    const entry = parseEntry(value)
    if (entry === undefined) return undefined
    entries.set(project, entry)
  }
  return entries
}

export function formatModesFile(modes: OrchestrationModesByProject): string {
  return `${JSON.stringify({ version: 1, projects: Object.fromEntries(modes) }, undefined, 2)}\n`
}

function parseEntry(value: unknown): StoredOrchestrationMode | undefined {
  if (!isJsonObject(value)) return undefined
  const { since, by, session, expires } = value
  if (typeof since !== 'number' || typeof by !== 'string') return undefined
  if (session !== undefined && typeof session !== 'string') return undefined
  if (expires !== undefined && typeof expires !== 'number') return undefined
  return { since, by, ...(session !== undefined && { session }), ...(expires !== undefined && { expires }) }
}
