import { foldersAround } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { geminiFolder } from './gemini-files.js'
import { harmlessEntries, harmlessKeys } from './gemini-harmless.js'
import { hasPrivateHome } from './gemini-home.js'
import { nobody } from './gemini-mcp.js'
import { findEntries, findKeys, groupsOf, isSame, realPath, type Finding } from '../guards/project-files.js'
import type { GuardedSpec } from '../guards/project-guard.js'

/**
 * What a folder holds for Gemini that could start a program, change an address or allow a call, and that no argument or
 * setting of ours switches off. The user's own `~/.gemini` is no project's.
 */
export function findGeminiProject(spec: GuardedSpec): readonly Finding[] {
  const folder = join(spec.cwd, '.gemini')
  const users = geminiFolder(spec.environment)
  const own = isSame(folder, users)
  const isKnown = own ? isOwn : (key: string, value: unknown) => isHarmless(key, value, spec)
  return [
    ...(own ? [] : findEntries(folder, isKnownEntry)),
    ...findKeys(join(folder, 'settings.json'), { isKnown, groups }),
    ...findVariables(spec.cwd, users),
  ]
}

function isKnownEntry(name: string): boolean {
  return name === 'settings.json' || name === '.env' || harmlessEntries.test(name)
}

const groups: ReadonlySet<string> = new Set([...groupsOf(harmlessKeys), 'mcpServers'])

/** In a session in the home its settings are a project's too, and would switch on the hooks that ours switch off. */
function isOwn(key: string, value: unknown): boolean {
  return key !== 'hooksConfig' && (key !== 'hooksConfig.enabled' || value === false)
}

function isHarmless(key: string, value: unknown, spec: GuardedSpec): boolean {
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
function mayStart(name: string, { mcp, mcpServers = {} }: GuardedSpec): boolean {
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
