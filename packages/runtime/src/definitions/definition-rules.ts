import { SubagentError } from '@subagent-mcp/contract'
import type { AgentDefinition } from '@subagent-mcp/definitions'
import { readRule, type PermissionRule, type PermissionRules } from '@subagent-mcp/permissions'

/** Returns the permission rules by which a definition narrows what its agent may do. @throws SubagentError `definition-invalid` */
export function definitionRules(definition: AgentDefinition): Pick<PermissionRules, 'deny' | 'ask'> {
  return { deny: readRules(definition, 'deny'), ask: readRules(definition, 'ask') }
}

function readRules(
  { path, lines, ...definition }: AgentDefinition,
  key: 'deny' | 'ask',
): readonly PermissionRule[] {
  return definition[key].map((text) => {
    const read = readRule(text)
    if (read.type === 'rule') return read.rule
    throw new SubagentError('definition-invalid', `${path}:${lines[key] ?? 1}: ${key}: ${read.problem}`, {
      hint: 'mend the rule, or take it out',
    })
  })
}
