import type { Driver } from '@subagent-mcp/contract'
import type { AgentDefinition } from './definition.js'
import { createInvalidDefinitionFileError } from './reading/invalid-file-error.js'

export type DriverForDefinition = Pick<Driver, 'id' | 'abilities' | 'effort'>

/** Checks that the CLI supports what a definition asks for. @throws SubagentError `definition-invalid` */
export function checkDefinitionAbilities(definition: AgentDefinition, driver: DriverForDefinition): void {
  const problems = [...unable(definition, driver), ...refusedEffort(definition, driver)].map(
    ({ keys, message }) => {
      const key = keys.find((name) => definition.lines[name] !== undefined) ?? ''
      const hint = `take ${key} out, or give the agent another provider than ${driver.id}`
      return { line: definition.lines[key] ?? 1, message: `${key}: ${message}`, hint }
    },
  )
  if (problems.length > 0) throw createInvalidDefinitionFileError(definition.path, problems)
}

/** Keys of a definition that the CLI does not support, and the reason. */
type Obstacle = { keys: readonly string[]; message: string }

function unable(definition: AgentDefinition, { id, abilities }: DriverForDefinition): readonly Obstacle[] {
  const { tools, maxTurns, mcpServers, prime } = definition
  const { toolChoice } = abilities
  const wishes = [
    { keys: ['tools'], wish: tools?.only, able: toolChoice, message: 'cannot be held to some tools' },
    {
      keys: ['disallowedTools'],
      wish: tools?.without,
      able: toolChoice,
      message: 'cannot be kept from a tool',
    },
    {
      keys: ['maxTurns', 'max_turns'],
      wish: maxTurns,
      able: abilities.maxTurns,
      message: 'cannot be held to a number of turns',
    },
    {
      keys: ['mcpServers', 'mcp_servers'],
      wish: mcpServers,
      able: abilities.ownMcpServers,
      message: "cannot be given servers of its own, only names of the user's",
    },
    {
      keys: ['prime'],
      wish: prime,
      able: abilities.rewind,
      message: 'cannot go back to what it was primed with',
    },
  ]
  return wishes
    .filter(({ wish, able }) => wish !== undefined && !able)
    .map(({ keys, message }) => ({ keys, message: `${id} ${message}` }))
}

function refusedEffort({ effort, model }: AgentDefinition, driver: DriverForDefinition): readonly Obstacle[] {
  if (!effort) return []
  const choice = driver.effort(effort, model)
  return choice.type === 'refused' ? [{ keys: ['effort'], message: choice.message }] : []
}
