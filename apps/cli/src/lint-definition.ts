import { SubagentError, type Driver } from '@subagent-mcp/contract'
import { checkAbilities, type AgentDefinition, type ListedDefinition } from '@subagent-mcp/definitions'
import { driverOf } from './runnable-agent.js'

/** Something about a definition: a problem keeps the agent from running, a warning is worth a look. */
export type Finding = {
  type: 'problem' | 'warning'
  /** The agent's name. */
  agent: string
  /** `path:line: what is wrong`. */
  text: string
  /** What to do. */
  hint?: string
}

/** What a definition is checked against. */
export type LintRules = { drivers: ReadonlyMap<string, Driver>; bypassPermissions: readonly string[] }

/** All that is to be said of a definition; at most one problem, of all that is wrong in the file. */
export function lintDefinition(listed: ListedDefinition, rules: LintRules): readonly Finding[] {
  if (listed.type === 'invalid') return [problem(listed.name, listed.path, listed.error)]
  const { definition } = listed
  return [
    ...abilityProblems(definition, rules),
    ...definition.notes.map((note) => warning(definition, note)),
    ...definition.unknownKeys.map((key) => warning(definition, `${key}: nothing is done with it`, key)),
    ...refusedBypass(definition, rules),
  ]
}

function abilityProblems(definition: AgentDefinition, { drivers }: LintRules): Finding[] {
  try {
    checkAbilities(definition, driverOf(definition, drivers))
    return []
  } catch (error) {
    if (error instanceof SubagentError) return [problem(definition.name, definition.path, error)]
    throw error
  }
}

/** What is wrong in several places is told on as many lines. */
function problem(agent: string, path: string, { message, hint }: SubagentError): Finding {
  const text = message.replaceAll(`; ${path}:`, `\n${path}:`)
  return { type: 'problem', agent, text, ...(hint !== undefined && { hint }) }
}

function warning({ name, path, lines }: AgentDefinition, text: string, key = ''): Finding {
  return { type: 'warning', agent: name, text: `${path}:${lines[key] ?? 1}: ${text}` }
}

function refusedBypass(definition: AgentDefinition, { bypassPermissions }: LintRules): Finding[] {
  const { name, permissions } = definition
  if (permissions !== 'full-auto' || bypassPermissions.includes(name)) return []
  const text = `permissionMode: it is refused until bypassPermissions in the user's config.jsonc has "${name}"`
  return [warning(definition, text, 'permissionMode')]
}
