import { selectDefinedVariables } from '@subagent-mcp/contract'
import { cliSessionVariables } from './session-variables.js'
import { isInVariableGroups } from './variable-group.js'
import type { Environment } from './environment.js'

/**
 * The environment of a child: the caller's environment without `cliSessionVariables`, and with `additions`, which win. An
 * addition without a value removes the variable.
 */
export function buildChildEnvironment(
  caller: Environment,
  additions: Environment = {},
): Record<string, string> {
  const inherited = Object.entries(caller).filter(([name]) => !isInVariableGroups(cliSessionVariables, name))
  return selectDefinedVariables({ ...Object.fromEntries(inherited), ...additions })
}
