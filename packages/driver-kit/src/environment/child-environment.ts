import { sessionVariables } from './session-variables.js'
import { isInGroups } from './variable-group.js'
import type { Environment } from './environment.js'

/**
 * A child's environment: the caller's, less what would make a CLI take itself for a part of the session that the
 * caller runs in, plus `additions`, which win.
 */
export function childEnvironment(caller: Environment, additions: Environment = {}): Record<string, string> {
  const inherited = Object.entries(caller).filter(([name]) => !isInGroups(sessionVariables, name))
  const all = Object.entries({ ...Object.fromEntries(inherited), ...additions })
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
