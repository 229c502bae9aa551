import type { PermissionPreset } from '@subagent-mcp/contract'
import { parsePermissionRule, type CallerPermissions, type PermissionRule } from '@subagent-mcp/permissions'

type RuleTexts = { deny?: readonly string[]; ask?: readonly string[]; allow?: readonly string[] }

/** An authority with this preset and these rules. */
export function authority(
  preset: PermissionPreset,
  { deny = [], ask = [], allow = [] }: RuleTexts = {},
): CallerPermissions {
  return { preset, rules: { deny: rules(deny), ask: rules(ask), allow: rules(allow) } }
}

function rules(texts: readonly string[]): PermissionRule[] {
  return texts.map((text) => {
    const rule = parsePermissionRule(text)
    if (!rule) throw new Error(`${text} is no rule`)
    return rule
  })
}
