import { formatLocalDate, type SubagentError } from '@subagent-mcp/contract'
import {
  composeAgentPrompt,
  findDefinition,
  type AgentDefinition,
  estimateTokenCount,
} from '@subagent-mcp/definitions'
import {
  findDefinitionError,
  resolveFolder,
  resolvePoolSettings,
  type PoolSettings,
} from '@subagent-mcp/runtime'
import { cwdFlag, jsonFlag, textArgSchema } from '../../command/arg-schemas.js'
import { formatCount, formatLongTimeSpan, formatShortPath } from '../../terminal/format.js'
import { printResult } from '../../terminal/print.js'
import { escapeForTerminal } from '../../terminal/text.js'
import { readDefinitionProject } from './definition-project.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'

/** Prints a definition, and the prompt that its agent would get if it were launched in this folder now. @throws SubagentError */
export const agentsShowCommand = defineTerminalCommand(
  {
    description: 'Show what the file of a defined agent sets, its prompt, and how many tokens that has',
    examples: ['agents show reviewer', 'agents show reviewer --json'],
    words: {
      name: textArgSchema('name', 'Name of the defined agent, as subagent-mcp agents lists it', {
        names: 'definitions',
      }),
    },
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ name, json, ...where }, terminal) => {
    const { places, project, rules, config } = readDefinitionProject(where, terminal)
    const definition = findDefinition(name, places, project)
    const cwd = resolveFolder(definition.cwd ?? where.cwd, terminal.cwd)
    const prompt = composeAgentPrompt(definition, { cwd, date: formatLocalDate(terminal.now()) })
    const weight = estimatePromptTokens(definition, prompt)
    const pool = resolvePoolSettings(definition, config.pool)
    const problem = findDefinitionError(definition, rules)
    const lines = settingsLines(definition, { pool, weight, problem, home: terminal.home })
    const { lines: _, ...settings } = definition
    const problemData = problem && { problem: problem.message, hint: problem.hint }
    return printResult(terminal, json, {
      text: `${lines.join('\n')}\n\n${escapeForTerminal(prompt).trimEnd()}`,
      data: { ...settings, pool, prompt, weight, ...problemData },
    })
  },
)

type SettingsContext = {
  pool: PoolSettings
  weight: PromptTokenEstimate
  home: string
  problem: SubagentError | undefined
}

type Row = readonly [title: string, text: string | undefined]

/** Renders the settings of a definition, one line each. Settings that are left to the provider are left out. */
function settingsLines(definition: AgentDefinition, context: SettingsContext): string[] {
  const { pool, weight, home, problem } = context
  const { name, description, path, builtIn, notes, unknownKeys, timeoutMs, prime } = definition
  const rows: Row[] = [
    ['file', builtIn ? `built in (${formatShortPath(path, home)})` : formatShortPath(path, home)],
    ['problem', problem && problemText(problem)],
    ...sessionRows(definition),
    ['timeout', timeoutMs === undefined ? undefined : formatLongTimeSpan(timeoutMs)],
    ['pool', poolText(pool)],
    ['primed', prime && [`by ${formatCount(prime.prompt.length)} characters`, ...prime.files].join(', ')],
    ['ignored', unknownKeys.join(', ') || undefined],
    ...notes.map((note) => ['note', note] as const),
    ['prompt', weightText(weight)],
  ]
  const lines = rows.flatMap(([title, text]) => (text === undefined ? [] : [`${title.padEnd(13)}${text}`]))
  return [`${name}: ${description}`, ...lines].map(escapeForTerminal)
}

function problemText({ message, hint }: SubagentError): string {
  return hint === undefined ? message : `${message} (${hint})`
}

function sessionRows(definition: AgentDefinition): Row[] {
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

function weightText({ tokens, parts }: PromptTokenEstimate): string {
  const each = parts.map((part) => `${part.name ?? part.type} ${formatCount(part.tokens)}`)
  return `about ${formatCount(tokens)} tokens: ${each.join(', ')}`
}

export type PromptTokenEstimate = { tokens: number; parts: readonly PromptPartTokens[] }

/** The estimated tokens of a skill, of an expertise or of the body. */
export type PromptPartTokens = { type: 'skill' | 'expertise' | 'body'; name?: string; tokens: number }

/**
 * Estimates the tokens of an agent's prompt. The sum of the parts is smaller, because the prompt also has headings and the environment.
 */
export function estimatePromptTokens(
  { skills, expertise, body }: Pick<AgentDefinition, 'skills' | 'expertise' | 'body'>,
  prompt: string,
): PromptTokenEstimate {
  const parts: PromptPartTokens[] = [
    ...skills.map(({ name, text }) => ({ type: 'skill' as const, name, tokens: estimateTokenCount(text) })),
    ...expertise.map(({ name, text }) => ({
      type: 'expertise' as const,
      name,
      tokens: estimateTokenCount(text),
    })),
    { type: 'body', tokens: estimateTokenCount(body) },
  ]
  return { tokens: estimateTokenCount(prompt), parts }
}
