import { SubagentError } from '@subagent-mcp/contract'
import type { AgentDefinition } from '@subagent-mcp/definitions'
import { checkPermissionRule, type PermissionRule, type PermissionRules } from '@subagent-mcp/permissions'

/** Returns the rules with which a definition restricts its agent's permissions. @throws SubagentError `definition-invalid` */
export function readDefinitionRules(definition: AgentDefinition): Pick<PermissionRules, 'deny' | 'ask'> {
  return { deny: readRules(definition, 'deny'), ask: readRules(definition, 'ask') }
}

function readRules(
  { path, lines, ...definition }: AgentDefinition,
  key: 'deny' | 'ask',
): readonly PermissionRule[] {
  return definition[key].map((text) => {
    const read = checkPermissionRule(text)
    if (read.type === 'rule') return read.rule
    throw new SubagentError('definition-invalid', `${path}:${lines[key] ?? 1}: ${key}: ${read.problem}`, {
      hint: 'correct the rule, or remove it',
    })
  })
}
