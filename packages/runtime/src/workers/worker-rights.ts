import type { PermissionMode } from '@subagent-mcp/api'
import {
  computeEditDistance,
  mcpServerName,
  SubagentError,
  type PermissionPreset,
} from '@subagent-mcp/contract'
import { mcpToolNames } from '@subagent-mcp/mcp-server'
import { doesRuleNameTool, checkPermissionRule, type PermissionRule } from '@subagent-mcp/permissions'

/** The tools of subagent-mcp that a worker's session may use by default. With them it can answer messages, but launch no agents. */
export const defaultWorkerTools: readonly string[] = ['chat', 'sync']

/** The rights of a worker's sessions, as launch options. */
export type WorkerRights = {
  permissions: PermissionPreset
  /** A closed list of rules. All other calls are denied without asking. */
  allowedTools?: string[]
  /** The CLI's own tools that the session gets, by the CLI's names. */
  tools?: { only: string[] }
  /** The tools of subagent-mcp that the session is offered. */
  offered: readonly string[]
  /** The tools in words, for the session's model. */
  said: readonly string[]
}

type Wish = { mode: PermissionMode; allowed: readonly string[]; provider?: string; agent?: string }

/**
 * Returns the rights for a permission mode and rules. With `dontAsk` and `acceptEdits` all other calls are denied without asking, and the
 * session gets no other tools. With `default` other calls ask for permission. @throws SubagentError that names an invalid rule
 */
export function createWorkerRights({ mode, allowed, provider, agent }: Wish): WorkerRights {
  const edits = mode === 'acceptEdits' ? editing : []
  const named = [...allowed, ...edits]
  const read = named.map(ruleOf)
  const rules = read.map(({ text }) => text)
  const offered = mcpToolNames.filter((name) =>
    read.some((rule) => isOurs(rule) && doesRuleNameTool(rule, ourPrefix + name)),
  )
  if (mode === 'default')
    return { permissions: 'ask', offered, said: [...allowed, 'those that you are let use'] }
  if (mode === 'bypassPermissions')
    return { permissions: 'full-auto', offered, said: [...allowed, 'all others'] }
  const own = [...new Set(rules.flatMap(ownToolOf))]
  if (own.length > 0 && provider === undefined && agent === undefined) throw unnamed(own)
  const only = provider === 'gemini' ? [...new Set(own.flatMap((name) => inGemini[name] ?? [name]))] : own
  const preset = mode === 'acceptEdits' ? 'accept-edits' : own.length > 0 ? 'ask' : 'read-only'
  return { permissions: preset, allowedTools: rules, tools: { only }, offered, said: named }
}

/** Rules that allow reading inside the worker's folder only. */
export const workerReadingRules: readonly string[] = ['Read(**)', 'Grep(**)', 'Glob(**)']
const editing = [...workerReadingRules, 'Edit(**)', 'Write(**)']

const ourPrefix = `mcp__${mcpServerName}__`

/** Whether a rule is about a tool of subagent-mcp. */
function isOurs({ tool }: PermissionRule): boolean {
  return tool.startsWith(ourPrefix)
}

function ruleOf(text: string): PermissionRule {
  const read = checkPermissionRule(mcpToolNames.includes(text) ? ourPrefix + text : text)
  if (read.type === 'problem') throw noTool(text, read.problem)
  const { rule } = read
  const isKnown = !isOurs(rule) || mcpToolNames.some((name) => doesRuleNameTool(rule, ourPrefix + name))
  if (!isKnown) throw noTool(rule.tool.slice(ourPrefix.length), `our server has no tool for '${text}'`)
  return rule
}

function noTool(text: string, problem: string): SubagentError {
  const known = [...mcpToolNames, ...Object.keys(inGemini)]
  const nearest = nearestNames(text.replace(/\(.*$/s, '').trim(), known)
  const asked = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : ''
  const hint = `one of our own (${mcpToolNames.join(', ')}) or a rule, as Read, Edit(src/**), Bash(npm test) or mcp__github__*`
  return new SubagentError('invalid-parameter', `--allowed-tools: ${problem}${asked}`, { hint })
}

/**
 * Returns the known names that are most similar to an unknown one: at most three, the most similar first. They differ from it in few
 * letters, or have a word in common with it. Empty for a known name.
 */
function nearestNames(name: string, known: readonly string[]): string[] {
  if (known.includes(name)) return []
  const most = Math.max(1, Math.floor(name.length / 3))
  return known
    .map((other) => ({ other, distance: computeEditDistance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= most || haveCommonWord(name, other))
    .sort((one, another) => one.distance - another.distance)
    .slice(0, 3)
    .map(({ other }) => other)
}

function haveCommonWord(name: string, other: string): boolean {
  const words = other.toLowerCase().split(/[_-]/)
  return name
    .toLowerCase()
    .split(/[_-]/)
    .some((word) => words.includes(word))
}

/** Returns the CLI's own tool to which a rule applies. */
function ownToolOf(rule: string): string[] {
  const name = rule.replace(/\(.*$/s, '').trim()
  return name.startsWith('mcp__') || name.includes('*') ? [] : [name]
}

function unnamed(tools: readonly string[]): SubagentError {
  const message = `--allowed-tools ${tools.join(', ')} needs --provider: each CLI has other tools`
  return new SubagentError('invalid-parameter', message, { hint: 'as --provider claude' })
}

/** Gemini's names of the tools that rules call by Claude's names. */
const inGemini: Readonly<Record<string, readonly string[]>> = {
  Read: ['read_file', 'read_many_files'],
  Edit: ['replace', 'write_file'],
  Write: ['replace', 'write_file'],
  MultiEdit: ['replace'],
  Bash: ['run_shell_command'],
  Grep: ['grep_search'],
  Glob: ['glob'],
  LS: ['list_directory'],
  WebFetch: ['web_fetch'],
  WebSearch: ['google_web_search'],
  TodoWrite: ['write_todos'],
}
