import { parseJson } from '@subagent-mcp/contract'
import { realPath } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file of a project that an agent must not read, with the key or the reason. */
export type ProjectFinding = { path: string; key?: string; why?: string }

/** Names a file of a project and what is wrong with it, for a person. */
export function describeProjectFinding({ path, key, why }: ProjectFinding): string {
  if (key !== undefined) return `${path} sets ${key}`
  return why === undefined ? path : `${path} ${why}`
}

export function describeProjectFindings(findings: readonly ProjectFinding[]): string {
  return findings.slice(0, mostNamed).map(describeProjectFinding).join(', ')
}

const mostNamed = 5

/** Returns the entries of a project's folder that are not known to be harmless; none when there is no folder. */
export function findUnknownFolderEntries(
  folder: string,
  isKnown: (name: string) => boolean,
): readonly ProjectFinding[] {
  if (!existsSync(folder)) return []
  if (!isKind(folder, 'isDirectory')) return [{ path: folder, why: 'is not a folder' }]
  return readdirSync(folder)
    .filter((name) => !isKnown(name))
    .map((name) => ({ path: join(folder, name) }))
}

/** The known keys of a settings file, written as paths with dots. */
export type HarmlessSettingsKeys = {
  isKnown: (key: string, value: unknown) => boolean
  /** Keys whose values are objects, which are checked key by key. */
  groups: ReadonlySet<string>
}

/** The keys above the given keys: `a` and `a.b` for `a.b.c`. */
export function listParentSettingsKeys(keys: Iterable<string>): readonly string[] {
  return [...keys].flatMap((key) => {
    const parts = key.split('.')
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
  })
}

/** Returns the keys of a project's settings file that are not known to be harmless; none when there is no file. */
export function findUnknownSettingsKeys(
  path: string,
  known: HarmlessSettingsKeys,
): readonly ProjectFinding[] {
  if (!existsSync(path)) return []
  const settings = entriesOf(readSettings(path))
  if (settings === undefined) return [{ path, why: 'cannot be read as JSON with comments' }]
  return keysOf(settings, '', known).map((key) => ({ path, key }))
}

/** The object in a file of JSON with comments; undefined if the file has no object. */
export function readJsonObject(path: string): object | undefined {
  const value = existsSync(path) ? readSettings(path) : undefined
  return typeof value === 'object' && value !== null ? value : undefined
}

type Entries = readonly [string, unknown][]

/** The entries of a JSON object, including `__proto__`, which a schema would drop. */
function entriesOf(value: unknown): Entries | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? Object.entries(value) : undefined
}

/** Returns the keys of a settings object that are not known to be harmless, below a prefix. */
function keysOf(settings: Entries, prefix: string, known: HarmlessSettingsKeys): readonly string[] {
  return settings.flatMap(([name, value]) => {
    const key = prefix + name
    if (known.isKnown(key, value)) return []
    const below = known.groups.has(key) ? entriesOf(value) : undefined
    return below === undefined ? [key] : keysOf(below, `${key}.`, known)
  })
}

/** Reads regular files up to 1 MB only, because reading a pipe or a device may not end. */
function readSettings(path: string): unknown {
  if (!isKind(path, 'isFile') || statSync(path).size > mostBytes) return undefined
  try {
    return parseJson(removeJsonComments(readFileSync(path, 'utf8')))
  } catch {
    // The file cannot be read here, but perhaps by the agent.
    return undefined
  }
}

const mostBytes = 1024 * 1024

/** Replaces comments by spaces, but not text in strings that looks like a comment. */
export function removeJsonComments(text: string): string {
  return text.replace(/"(?:\\[\s\S]|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : ' ',
  )
}

export function isSameFilePath(one: string, other: string): boolean {
  return realPath(one) === realPath(other)
}

function isKind(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  return statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false
}
