import { parseJson } from '@subagent-mcp/contract'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A file of a project, and the key or the reason for which an agent must not read it. */
export type Finding = { path: string; key?: string; why?: string }

/** Names a finding for a person: the file, and the key in it. */
export function describeFinding({ path, key, why }: Finding): string {
  if (key !== undefined) return `${path} sets ${key}`
  return why === undefined ? path : `${path} ${why}`
}

/** Names several, of which a message takes a few. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.slice(0, mostNamed).map(describeFinding).join(', ')
}

const mostNamed = 5

/** What lies in a folder, if it is there, under a name that is not known to be harmless. */
export function findEntries(folder: string, isKnown: (name: string) => boolean): readonly Finding[] {
  if (!existsSync(folder)) return []
  if (!isKind(folder, 'isDirectory')) return [{ path: folder, why: 'is not a folder' }]
  return readdirSync(folder)
    .filter((name) => !isKnown(name))
    .map((name) => ({ path: join(folder, name) }))
}

/** Keys of settings by their path, with dots, and whether one may have a value. */
export type KnownKeys = {
  isKnown: (key: string, value: unknown) => boolean
  /** Keys that are looked into. */
  groups: ReadonlySet<string>
}

/** The keys with others below them, of keys with dots. */
export function groupsOf(keys: Iterable<string>): readonly string[] {
  return [...keys].flatMap((key) => {
    const parts = key.split('.')
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
  })
}

/** What a file of settings, if it is there, sets that is not known to be harmless. It may have comments. */
export function findKeys(path: string, known: KnownKeys): readonly Finding[] {
  if (!existsSync(path)) return []
  const settings = entriesOf(readSettings(path))
  if (settings === undefined) return [{ path, why: 'cannot be read as JSON with comments' }]
  return keysOf(settings, '', known).map((key) => ({ path, key }))
}

/** The object in a file of JSON with comments; nothing where there is none. */
export function readObject(path: string): object | undefined {
  const value = existsSync(path) ? readSettings(path) : undefined
  return typeof value === 'object' && value !== null ? value : undefined
}

type Entries = readonly [string, unknown][]

/** All that JSON has, also `__proto__`, which a schema would drop. */
function entriesOf(value: unknown): Entries | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? Object.entries(value) : undefined
}

/** A value that is no object of settings is a key of its own. */
function keysOf(settings: Entries, prefix: string, known: KnownKeys): readonly string[] {
  return settings.flatMap(([name, value]) => {
    const key = prefix + name
    if (known.isKnown(key, value)) return []
    const below = known.groups.has(key) ? entriesOf(value) : undefined
    return below === undefined ? [key] : keysOf(below, `${key}.`, known)
  })
}

/** A pipe would be waited for, and a device read for ever. */
function readSettings(path: string): unknown {
  if (!isKind(path, 'isFile') || statSync(path).size > mostBytes) return undefined
  try {
    return parseJson(withoutComments(readFileSync(path, 'utf8')))
  } catch {
    // It may not be read by us, so we cannot say what the agent would find.
    return undefined
  }
}

const mostBytes = 1024 * 1024

/** Comments are allowed there, and strings that look like one. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:\\[\s\S]|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : ' ',
  )
}

/** Whether two paths lead to the same place. */
export function isSame(one: string, other: string): boolean {
  return realPath(one) === realPath(other)
}

/** A path with all links followed; one that is not there stays as it is. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function isKind(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  return statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false
}
