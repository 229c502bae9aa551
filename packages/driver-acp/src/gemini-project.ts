import type { SessionSpec } from '@subagent-mcp/contract'
import { foldersAround, parseJson } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { geminiFolder, withoutComments } from './gemini-files.js'
import { harmlessEntries, harmlessKeys } from './gemini-harmless.js'
import { hasPrivateHome } from './gemini-home.js'
import { nobody } from './gemini-mcp.js'

/** A file of a project, and the key or the reason for which Gemini must not read it. */
export type Finding = { path: string; key?: string; why?: string }

type Spec = Pick<SessionSpec, 'cwd' | 'environment' | 'mcp' | 'mcpServers' | 'asksAll'>

/**
 * What a folder holds for Gemini that could start a program, change an address or allow a call, and that no argument or
 * setting of ours switches off. The user's own `~/.gemini` is no project's.
 */
export function findGeminiProject(spec: Spec): readonly Finding[] {
  const folder = join(spec.cwd, '.gemini')
  const users = geminiFolder(spec.environment)
  const own = isSame(folder, users)
  const known = own ? isOwn : (key: string, value: unknown) => isHarmless(key, value, spec)
  const entries = own || !existsSync(folder) ? [] : findEntries(folder)
  return [...entries, ...findKeys(join(folder, 'settings.json'), known), ...findVariables(spec.cwd, users)]
}

/** Names a finding for a person: the file, and the key in it. */
export function describeFinding({ path, key, why }: Finding): string {
  if (key !== undefined) return `${path} sets ${key}`
  return why === undefined ? path : `${path} ${why}`
}

function findEntries(folder: string): readonly Finding[] {
  if (!isKind(folder, 'isDirectory')) return [{ path: folder, why: 'is not a folder' }]
  return readdirSync(folder)
    .filter((name) => name !== 'settings.json' && name !== '.env' && !harmlessEntries.test(name))
    .map((name) => ({ path: join(folder, name) }))
}

/** A value that is no object of settings is a key of its own. */
function findKeys(path: string, isKnown: (key: string, value: unknown) => boolean): readonly Finding[] {
  if (!existsSync(path)) return []
  const settings = entriesOf(readSettings(path))
  if (settings === undefined) return [{ path, why: 'cannot be read as JSON with comments' }]
  return keysOf(settings, '', isKnown).map((key) => ({ path, key }))
}

type Entries = readonly [string, unknown][]

/** All that JSON has, also `__proto__`, which a schema would drop. */
function entriesOf(value: unknown): Entries | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? Object.entries(value) : undefined
}

function keysOf(
  settings: Entries,
  prefix: string,
  isKnown: (key: string, value: unknown) => boolean,
): readonly string[] {
  return settings.flatMap(([name, value]) => {
    const key = prefix + name
    if (isKnown(key, value)) return []
    const below = groups.has(key) ? entriesOf(value) : undefined
    return below === undefined ? [key] : keysOf(below, `${key}.`, isKnown)
  })
}

/** The keys that have harmless ones below them. */
const groups: ReadonlySet<string> = new Set([
  ...[...harmlessKeys].flatMap((key) => {
    const parts = key.split('.')
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
  }),
  'mcpServers',
])

/** A pipe would be waited for, and a device read for ever. */
function readSettings(path: string): unknown {
  if (!isKind(path, 'isFile') || statSync(path).size > mostBytes) return undefined
  try {
    return parseJson(withoutComments(readFileSync(path, 'utf8')))
  } catch {
    // It may not be read by us, so we cannot say what the CLI would find.
    return undefined
  }
}

const mostBytes = 1024 * 1024

/** In a session in the home its settings are a project's too, and would switch on the hooks that ours switch off. */
function isOwn(key: string, value: unknown): boolean {
  return key !== 'hooksConfig' && (key !== 'hooksConfig.enabled' || value === false)
}

function isHarmless(key: string, value: unknown, spec: Spec): boolean {
  if (harmlessKeys.has(key)) return true
  if (key === 'context.fileName') return [value].flat().every((name) => isInstructions(name))
  if (key === 'hooksConfig.enabled') return value === false
  // A policy that stands above it asks for each call all the same.
  if (key === 'tools.allowed') return spec.asksAll === true
  // Switched off for the user, which only `hooksConfig.enabled` would undo.
  if (key === 'hooks') return hasPrivateHome
  return key.startsWith('mcpServers.') && !mayStart(key.slice('mcpServers.'.length), spec)
}

/** The name of an instruction file, and of no file with secrets that would be shown to the model. */
function isInstructions(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Za-z][\w.-]*\.md$/i.test(name)
}

/** Whether a session lets a server of this name in, which a project could then put in the place of another. */
function mayStart(name: string, { mcp, mcpServers = {} }: Spec): boolean {
  if (mcp === 'inherit') return true
  const letIn = [...(mcp === 'none' ? [] : mcp), ...Object.keys(mcpServers), nobody]
  return letIn.map(normalName).includes(normalName(name))
}

function normalName(name: string): string {
  return name.trim().toLowerCase()
}

/** Gemini takes the nearest one, from the folder up to the root; a plain `.env` is left out by its settings. */
function findVariables(cwd: string, users: string): readonly Finding[] {
  const folders = new Set([...foldersAround(cwd), ...foldersAround(realPath(cwd))])
  const files = [...folders].flatMap((folder) => [
    ...(isSame(join(folder, '.gemini'), users) ? [] : [join(folder, '.gemini', '.env')]),
    ...(hasPrivateHome || isSame(folder, dirname(users)) ? [] : [join(folder, '.env')]),
  ])
  return files.filter((path) => existsSync(path)).map((path) => ({ path, why: 'sets environment variables' }))
}

function isKind(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  return statSync(path, { throwIfNoEntry: false })?.[kind]() ?? false
}

function isSame(one: string, other: string): boolean {
  return realPath(one) === realPath(other)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // It is not there: then it is the same as nothing else.
    return path
  }
}
