import { listFolderAndParents, realPath } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getGeminiFolder } from './gemini-files.js'
import { hasPrivateGeminiHome } from './gemini-home.js'
import { absentMcpServerName } from './gemini-mcp.js'
import {
  findUnknownFolderEntries,
  findUnknownSettingsKeys,
  listParentSettingsKeys,
  isSameFilePath,
  type ProjectFinding,
} from '../guards/project-files.js'
import type { GuardedSessionSpec } from '../guards/project-guard.js'

/**
 * Finds the files of a folder with which Gemini could start a program, change an address or allow a call, and which no
 * argument or setting switches off. The user's own `~/.gemini` does not count as a project's.
 */
export function findHarmfulGeminiFiles(spec: GuardedSessionSpec): readonly ProjectFinding[] {
  const folder = join(spec.cwd, '.gemini')
  const users = getGeminiFolder(spec.environment)
  const own = isSameFilePath(folder, users)
  const isKnown = own ? isOwn : (key: string, value: unknown) => isHarmless(key, value, spec)
  return [
    ...(own ? [] : findUnknownFolderEntries(folder, isKnownEntry)),
    ...findUnknownSettingsKeys(join(folder, 'settings.json'), { isKnown, groups }),
    ...findVariables(spec.cwd, users),
  ]
}

/**
 * The keys of a `settings.json` (Gemini 0.61.0) that a project may set, because they start no program, open no connection
 * and allow nothing. A key includes all keys below it. Every other key counts as harmful.
 */
const harmlessKeys: ReadonlySet<string> = new Set([
  '$schema',
  ...['ui', 'output', 'useWriteTodos', 'general.vimMode', 'general.preferredEditor', 'general.plan.enabled'],
  ...['general.maxAttempts', 'general.retryFetchErrors', 'general.topicUpdateNarration'],
  ...['model.name', 'model.maxSessionTurns', 'model.compressionThreshold', 'model.disableLoopDetection'],
  ...['model.summarizeToolOutput', 'model.skipNextSpeakerCheck'],
  ...['context.importFormat', 'context.includeDirectoryTree', 'context.discoveryMaxDirs'],
  ...['respectGitIgnore', 'respectGeminiIgnore', 'enableRecursiveFileSearch', 'enableFuzzySearch'].map(
    (key) => `context.fileFiltering.${key}`,
  ),
  ...['tools.core', 'tools.exclude', 'tools.confirmationRequired', 'tools.truncateToolOutputThreshold'],
  ...['mcp.allowed', 'mcp.excluded', 'skills.enabled', 'skills.disabled'],
  ...['security.disableYoloMode', 'security.disableAlwaysAllow', 'hooksConfig.disabled'],
  // Keys of an earlier format, which this version does not read.
  ...['theme', 'vimMode', 'preferredEditor', 'coreTools', 'excludeTools', 'usageStatisticsEnabled'],
])

/**
 * Entries that a project's `.gemini` folder may have beside `settings.json`: texts that Gemini gives to its model or does
 * not read. A slash command runs only when it is typed, a sub-agent only after the user has accepted it.
 */
const harmlessEntries = /^(?:[^.].*\.(?:md|ya?ml)|\.gitignore|\.gitkeep|commands|skills|agents|hooks)$/

function isKnownEntry(name: string): boolean {
  return name === 'settings.json' || name === '.env' || harmlessEntries.test(name)
}

const groups: ReadonlySet<string> = new Set([...listParentSettingsKeys(harmlessKeys), 'mcpServers'])

/** In the home folder the user's settings count as a project's too, and could switch hooks on again. */
function isOwn(key: string, value: unknown): boolean {
  return key !== 'hooksConfig' && (key !== 'hooksConfig.enabled' || value === false)
}

function isHarmless(key: string, value: unknown, spec: GuardedSessionSpec): boolean {
  if (harmlessKeys.has(key)) return true
  if (key === 'context.fileName') return [value].flat().every((name) => isInstructions(name))
  if (key === 'hooksConfig.enabled') return value === false
  // The policy of such a session has a higher priority and asks for each call.
  if (key === 'tools.allowed') return spec.asksAll === true
  // Hooks are switched off in the user's settings; only `hooksConfig.enabled` would switch them on.
  if (key === 'hooks') return hasPrivateGeminiHome
  return key.startsWith('mcpServers.') && !mayStart(key.slice('mcpServers.'.length), spec)
}

/** Whether a file name is one of instructions, and not of a file with secrets that the model would be shown. */
function isInstructions(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Za-z][\w.-]*\.md$/i.test(name)
}

/** Whether a session starts a server of this name, so that a project could replace the user's server. */
function mayStart(name: string, { mcp, mcpServers = {} }: GuardedSessionSpec): boolean {
  if (mcp === 'inherit') return true
  const started = [...(mcp === 'none' ? [] : mcp), ...Object.keys(mcpServers), absentMcpServerName]
  return started.map(normalName).includes(normalName(name))
}

function normalName(name: string): string {
  return name.trim().toLowerCase()
}

/** The `.env` files that Gemini would read, from the folder up to the root. A plain `.env` is switched off by the settings of a private home. */
function findVariables(cwd: string, users: string): readonly ProjectFinding[] {
  const folders = new Set([...listFolderAndParents(cwd), ...listFolderAndParents(realPath(cwd))])
  const files = [...folders].flatMap((folder) => [
    ...(isSameFilePath(join(folder, '.gemini'), users) ? [] : [join(folder, '.gemini', '.env')]),
    ...(hasPrivateGeminiHome || isSameFilePath(folder, dirname(users)) ? [] : [join(folder, '.env')]),
  ])
  return files.filter((path) => existsSync(path)).map((path) => ({ path, why: 'sets environment variables' }))
}
