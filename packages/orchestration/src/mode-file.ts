import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// The hook reads this too, before each prompt and tool call: nothing but node is imported here.

/** That the mode is on in a project. */
export type ModeEntry = {
  /** Unix milliseconds, as is `expires`. */
  since: number
  /** Who turned it on: `terminal`, or the name of a host. */
  by: string
  /** The host's session that did, where it is known. */
  session?: string
  expires?: number
}

/** Where the mode is on, or was until it expired: by the real path of the project's root. */
export type Modes = ReadonlyMap<string, ModeEntry>

/** Where it is kept. The file is there exactly while the mode is on for a project: hooks test that in the shell. */
export function modesPath(home: string): string {
  return join(home, 'modes.json')
}

/** The mode in a project, unless it is off, or has expired. */
export function modeIn(modes: Modes, project: string, now: number): ModeEntry | undefined {
  const entry = modes.get(project)
  return entry && isOn(entry, now) ? entry : undefined
}

/** Whether the time that was given to it has not passed. */
export function isOn({ expires }: ModeEntry, now: number): boolean {
  return expires === undefined || now < expires
}

/** None without the file; undefined for one that cannot be read, or that a newer version wrote. Never throws. */
export function readModes(path: string): Modes | undefined {
  try {
    return parseModes(readFileSync(path, 'utf8'))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing ? new Map() : undefined
  }
}

/** What the file says; undefined where it is none of ours, or of a newer version. @throws SyntaxError for no JSON */
export function parseModes(text: string): Modes | undefined {
  const file: unknown = JSON.parse(text)
  if (!isObject(file) || file['version'] !== 1 || !isObject(file['projects'])) return undefined
  const entries = new Map<string, ModeEntry>()
  for (const [project, value] of Object.entries(file['projects'])) {
    const entry = parseEntry(value)
    if (entry === undefined) return undefined
    entries.set(project, entry)
  }
  return entries
}

/** The file's text. */
export function formatModes(modes: Modes): string {
  return `${JSON.stringify({ version: 1, projects: Object.fromEntries(modes) }, undefined, 2)}\n`
}

function parseEntry(value: unknown): ModeEntry | undefined {
  if (!isObject(value)) return undefined
  const { since, by, session, expires } = value
  if (typeof since !== 'number' || typeof by !== 'string') return undefined
  if (session !== undefined && typeof session !== 'string') return undefined
  if (expires !== undefined && typeof expires !== 'number') return undefined
  return { since, by, ...(session !== undefined && { session }), ...(expires !== undefined && { expires }) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
