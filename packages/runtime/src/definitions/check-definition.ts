import { SubagentError, type Driver } from '@subagent-mcp/contract'
import {
  checkDefinitionAbilities,
  isProviderPlaceholder,
  type AgentDefinition,
  type ListedDefinition,
} from '@subagent-mcp/definitions'
import { readDefinitionRules } from './definition-rules.js'
import { checkDefinitionTrust, type DefinitionTrust } from './check-definition-trust.js'

/** The drivers and the user's trust, against which a definition is checked. */
export type DefinitionRules = DefinitionTrust & { drivers: ReadonlyMap<string, Driver> }

/**
 * Returns the driver of a definition. Throws if its provider cannot honour the definition, or if it needs permissions that the
 * user has not allowed. @throws SubagentError `definition-invalid`, `not-supported`
 */
export function checkDefinition(definition: AgentDefinition, rules: DefinitionRules): Driver {
  const driver = driverOf(definition, rules.drivers)
  checkDefinitionAbilities(definition, driver)
  readDefinitionRules(definition)
  checkDefinitionTrust(definition, rules)
  return driver
}

/**
 * Returns why a definition cannot be used; `undefined` if it can. A definition that leaves the provider to the routing table can be
 * used if at least one provider supports it.
 */
export function findDefinitionError(
  definition: AgentDefinition,
  rules: DefinitionRules,
): SubagentError | undefined {
  if (!isProviderPlaceholder(definition.provider)) return problemOf(definition, rules)
  const problems = [...rules.drivers.keys()].map((provider) => problemOf({ ...definition, provider }, rules))
  return problems.includes(undefined) ? undefined : problems[0]
}

function problemOf(definition: AgentDefinition, rules: DefinitionRules): SubagentError | undefined {
  try {
    checkDefinition(definition, rules)
    return undefined
  } catch (error) {
    if (error instanceof SubagentError) return error
    throw error
  }
}

/** Returns a listed definition, marked as invalid if it cannot be used. */
export function markInvalidDefinition(listed: ListedDefinition, rules: DefinitionRules): ListedDefinition {
  if (listed.type === 'invalid') return listed
  const { name, path } = listed.definition
  const error = findDefinitionError(listed.definition, rules)
  return error ? { type: 'invalid', name, path, error } : listed
}

function driverOf({ provider, path, lines }: AgentDefinition, drivers: ReadonlyMap<string, Driver>): Driver {
  const driver = drivers.get(provider)
  if (driver) return driver
  const message = `${path}:${lines['provider'] ?? 1}: provider: there is no '${provider}'`
  const hint = `use one of ${[...drivers.keys()].join(', ')}`
  throw new SubagentError('definition-invalid', message, { hint })
}
