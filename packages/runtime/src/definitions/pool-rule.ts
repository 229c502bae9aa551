import type { Judge } from '@subagent-mcp/core'
import { mostRestricted, readCeiling } from '@subagent-mcp/permissions'
import type { RecipeRule } from '@subagent-mcp/pool'

/** Holds what a process does before its first task against what its tasks may do: its recipe says it in its `ceiling`. */
export function recipeRule(judge: Judge): RecipeRule {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, { provider, cwd, project, authority: readCeiling(ceiling) ?? mostRestricted })
}
