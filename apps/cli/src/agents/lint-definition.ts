import type { SubagentError } from '@subagent-mcp/contract'
import type { AgentDefinition, ListedDefinition } from '@subagent-mcp/definitions'
import { markInvalidDefinition, type DefinitionRules } from '@subagent-mcp/runtime'

/** A finding about an agent definition. With a problem the agent cannot run; a warning does not prevent it. */
export type LintFinding = {
  type: 'problem' | 'warning'
  agent: string
  /** The finding with its place, as `path:line: message`. */
  text: string
  hint?: string
}

/** What lint reports about a definition. All mistakes of one file are reported as one problem. */
export function lintDefinition(listed: ListedDefinition, rules: DefinitionRules): readonly LintFinding[] {
  const checked = markInvalidDefinition(listed, rules)
  return [
    ...(checked.type === 'invalid' ? [problem(checked.name, checked.path, checked.error)] : []),
    ...(listed.type === 'valid' ? warnings(listed.definition) : []),
  ]
}

/** Returns the finding for a definition that cannot be read. Each mistake in its files is on a line of its own. */
function problem(agent: string, path: string, { message, hint }: SubagentError): LintFinding {
  const text = message.replaceAll(`; ${path}:`, `\n${path}:`)
  return { type: 'problem', agent, text, ...(hint !== undefined && { hint }) }
}

function warnings(definition: AgentDefinition): LintFinding[] {
  return [
    ...definition.notes.map((note) => warning(definition, note)),
    ...definition.unknownKeys.map((key) => warning(definition, `${key}: nothing is done with it`, key)),
  ]
}

function warning({ name, path, lines }: AgentDefinition, text: string, key = ''): LintFinding {
  return { type: 'warning', agent: name, text: `${path}:${lines[key] ?? 1}: ${text}` }
}
