import type { SubagentError } from '@subagent-mcp/contract'
import type { AgentDefinition, ListedDefinition } from '@subagent-mcp/definitions'
import { checkListed, type DefinitionRules } from '@subagent-mcp/runtime'

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

/** All that is to be said of a definition; at most one problem, of all that is wrong in the file. */
export function lintDefinition(listed: ListedDefinition, rules: DefinitionRules): readonly Finding[] {
  const checked = checkListed(listed, rules)
  return [
    ...(checked.type === 'invalid' ? [problem(checked.name, checked.path, checked.error)] : []),
    ...(listed.type === 'valid' ? warnings(listed.definition) : []),
  ]
}

/** What is wrong in several places is told on as many lines. */
function problem(agent: string, path: string, { message, hint }: SubagentError): Finding {
  const text = message.replaceAll(`; ${path}:`, `\n${path}:`)
  return { type: 'problem', agent, text, ...(hint !== undefined && { hint }) }
}

function warnings(definition: AgentDefinition): Finding[] {
  return [
    ...definition.notes.map((note) => warning(definition, note)),
    ...definition.unknownKeys.map((key) => warning(definition, `${key}: nothing is done with it`, key)),
  ]
}

function warning({ name, path, lines }: AgentDefinition, text: string, key = ''): Finding {
  return { type: 'warning', agent: name, text: `${path}:${lines[key] ?? 1}: ${text}` }
}
