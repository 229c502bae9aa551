import { SubagentError, type PermissionPreset } from '@subagent-mcp/contract'
import { serverName } from '@subagent-mcp/installer'
import { toolNames } from '@subagent-mcp/mcp-server'
import { namesTool, readRule, type PermissionRule } from '@subagent-mcp/permissions'
import { nearestNames } from './nearest-names.js'

/** The tools of ours that a worker's session may use by default: it can answer, not launch, edit or run. */
export const defaultTools: readonly string[] = ['chat', 'sync']

/** Claude's words for what is done with what is not allowed by name. */
export const permissionModes = ['dontAsk', 'acceptEdits', 'default', 'bypassPermissions'] as const
export type PermissionMode = (typeof permissionModes)[number]

/** What a worker's sessions may do, as a launch says it. */
export type WorkerRights = {
  permissions: PermissionPreset
  /** A closed list of rules: nothing is asked then. */
  allowedTools?: string[]
  /** Of the CLI's own tools, in its own words. */
  tools?: { only: string[] }
  /** Of our server's tools, those that it is offered. */
  offered: readonly string[]
  /** In words for the session's model. */
  said: readonly string[]
}

type Wish = { mode: PermissionMode; allowed: readonly string[]; provider?: string; agent?: string }

/**
 * With `dontAsk` and `acceptEdits` what is not allowed is denied at once, and the session has no other tools; with
 * `default` it is asked for. @throws SubagentError that names the rule which is none
 */
export function workerRights({ mode, allowed, provider, agent }: Wish): WorkerRights {
  const edits = mode === 'acceptEdits' ? editing : []
  const named = [...allowed, ...edits]
  const read = named.map(ruleOf)
  const rules = read.map(({ text }) => text)
  const offered = toolNames.filter((name) =>
    read.some((rule) => isOurs(rule) && namesTool(rule, ourPrefix + name)),
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

/** Inside its folder alone. */
const editing = ['Read', 'Grep', 'Glob', 'Edit', 'Write'].map((tool) => `${tool}(**)`)

const ourPrefix = `mcp__${serverName}__`

/** A rule about tools of our own server. */
function isOurs({ tool }: PermissionRule): boolean {
  return tool.startsWith(ourPrefix)
}

function ruleOf(text: string): PermissionRule {
  const read = readRule(toolNames.includes(text) ? ourPrefix + text : text)
  if (read.type === 'problem') throw noTool(text, read.problem)
  const { rule } = read
  const isKnown = !isOurs(rule) || toolNames.some((name) => namesTool(rule, ourPrefix + name))
  if (!isKnown) throw noTool(rule.tool.slice(ourPrefix.length), `our server has no tool for '${text}'`)
  return rule
}

function noTool(text: string, problem: string): SubagentError {
  const known = [...toolNames, ...Object.keys(inGemini)]
  const nearest = nearestNames(text.replace(/\(.*$/s, '').trim(), known)
  const asked = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : ''
  const hint = `one of our own (${toolNames.join(', ')}) or a rule, as Read, Edit(src/**), Bash(npm test) or mcp__github__*`
  return new SubagentError('invalid-parameter', `--allowed-tools: ${problem}${asked}`, { hint })
}

/** The tool of the CLI that a rule is about. */
function ownToolOf(rule: string): string[] {
  const name = rule.replace(/\(.*$/s, '').trim()
  return name.startsWith('mcp__') || name.includes('*') ? [] : [name]
}

function unnamed(tools: readonly string[]): SubagentError {
  const message = `--allowed-tools ${tools.join(', ')} needs --provider: each CLI has other tools`
  return new SubagentError('invalid-parameter', message, { hint: 'as --provider claude' })
}

/** What rules call by one name for all CLIs. */
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
