import type { SubagentError } from '@subagent-mcp/contract'
import type { AgentDefinition } from '@subagent-mcp/definitions'
import type { PoolSettings } from '@subagent-mcp/runtime'
import type { PromptWeight } from '../../agents/prompt-weight.js'
import { count, longSpan } from '../../terminal/format.js'
import { plainText } from '../../terminal/text.js'
import { shortPath } from '../../terminal/short-path.js'

/** What there is to tell of a definition that it does not say. */
export type DefinitionContext = {
  pool: PoolSettings
  weight: PromptWeight
  home: string
  /** Why it would not be run. */
  problem: SubagentError | undefined
}

/** What an agent is made of, a line each; what is the provider's default is left out. */
export function definitionLines(
  definition: AgentDefinition,
  { pool, weight, home, problem }: DefinitionContext,
): string[] {
  const { name, description, path, notes, unknownKeys } = definition
  const rows: (readonly [title: string, text: string | undefined])[] = [
    ['file', shortPath(path, home)],
    ['problem', problem && problemText(problem)],
    ...sessionRows(definition),
    ['timeout', definition.timeoutMs === undefined ? undefined : longSpan(definition.timeoutMs)],
    ['pool', poolText(pool)],
    ['primed', definition.prime && primeText(definition.prime)],
    ['passed by', unknownKeys.join(', ') || undefined],
    ...notes.map((note) => ['note', note] as const),
    ['prompt', weightText(weight)],
  ]
  const lines = rows.flatMap(([title, text]) => (text === undefined ? [] : [`${title.padEnd(13)}${text}`]))
  return [`${name}: ${description}`, ...lines].map(plainText)
}

function problemText({ message, hint }: SubagentError): string {
  return hint === undefined ? message : `${message} (${hint})`
}

function sessionRows(definition: AgentDefinition): (readonly [title: string, text: string | undefined])[] {
  const { provider, model, effort, category, cwd, permissions, deny, ask, tools, maxTurns, env } = definition
  return [
    ['provider', [provider, model, effort].filter((word) => word !== undefined).join(' ')],
    ['category', category],
    ['folder', cwd],
    ['permissions', permissions],
    ['never', deny.join(', ') || undefined],
    ['asks for', ask.join(', ') || undefined],
    ['tools', tools && toolsText(tools)],
    ['max turns', maxTurns === undefined ? undefined : `${maxTurns}`],
    ['MCP servers', mcpText(definition)],
    ['environment', env.join(', ') || undefined],
  ]
}

function toolsText({ only, without }: NonNullable<AgentDefinition['tools']>): string {
  const kept = only ? only.join(', ') || 'none' : 'all'
  return without ? `${kept}, without ${without.join(', ')}` : kept
}

function mcpText({ mcp, mcpServers = {} }: AgentDefinition): string {
  const own = Object.keys(mcpServers)
  const users =
    typeof mcp === 'string'
      ? { none: "none of the user's", inherit: "all of the user's" }[mcp]
      : mcp.join(', ')
  return own.length > 0 ? `${users}; its own ${own.join(', ')}` : users
}

function poolText(pool: PoolSettings): string {
  const { max, recycleAfterTasks, recycleAfterMinutes, recycleAboveMegabytes, idleMinutes } = pool
  return (
    `at most ${max}; a new process after ${recycleAfterTasks} tasks, ${recycleAfterMinutes} min ` +
    `or above ${recycleAboveMegabytes} MB, none after ${idleMinutes} idle min`
  )
}

function primeText({ prompt, files }: NonNullable<AgentDefinition['prime']>): string {
  return [`by ${count(prompt.length)} characters`, ...files].join(', ')
}

function weightText({ tokens, parts }: PromptWeight): string {
  const each = parts.map((part) => `${part.name ?? part.type} ${count(part.tokens)}`)
  return `about ${count(tokens)} tokens: ${each.join(', ')}`
}
