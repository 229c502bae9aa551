import { SubagentError, type Driver, type SessionSpec } from '@subagent-mcp/contract'
import type { SessionSetup } from '@subagent-mcp/core'
import {
  checkAbilities,
  composePrompt,
  findDefinition,
  placesOf,
  type AgentDefinition,
} from '@subagent-mcp/definitions'
import { checkTrust } from './check-trust.js'
import { existingFolder } from './folders.js'
import { localDate } from './local-date.js'

/** A defined agent that its provider can run as it is defined, with all that a session of it is opened with. */
export type RunnableAgent = {
  definition: AgentDefinition
  driver: Driver
  /** Absolute; exists. */
  cwd: string
  setup: SessionSetup
}

/** Where an agent is looked for, and what it is checked against. */
export type AgentQuery = {
  name: string
  /** The folder that was asked for; the definition's own comes first. */
  folder: string | undefined
  visitor: { cwd: string; environment: SessionSpec['environment'] }
  project: string
  drivers: ReadonlyMap<string, Driver>
  bypassPermissions: readonly string[]
  /** Unix milliseconds. */
  now: number
}

/**
 * Reads an agent's definition afresh, and checks it.
 * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`
 */
export function runnableAgent(query: AgentQuery): RunnableAgent {
  const { name, folder, visitor, project, now } = query
  const definition = findDefinition(name, placesOf(project, visitor.environment), project)
  const driver = driverOf(definition, query.drivers)
  checkAbilities(definition, driver)
  checkTrust(definition, { ...query, environment: visitor.environment })
  const cwd = existingFolder(definition.cwd ?? folder, visitor.cwd)
  const prompt = composePrompt(definition, { cwd, date: localDate(now) })
  return { definition, driver, cwd, setup: setupOf(definition, prompt) }
}

/** @throws SubagentError `definition-invalid` for a provider that there is not */
export function driverOf(
  { provider, path, lines }: AgentDefinition,
  drivers: ReadonlyMap<string, Driver>,
): Driver {
  const driver = drivers.get(provider)
  if (driver) return driver
  const message = `${path}:${lines['provider'] ?? 1}: provider: there is no '${provider}'`
  const hint = `use one of ${[...drivers.keys()].join(', ')}`
  throw new SubagentError('definition-invalid', message, { hint })
}

function setupOf(definition: AgentDefinition, appendSystemPrompt: string): SessionSetup {
  const { permissions, tools, maxTurns, mcpServers } = definition
  return {
    appendSystemPrompt,
    permissions,
    ...(tools && { tools }),
    ...(maxTurns !== undefined && { maxTurns }),
    ...(mcpServers && { mcpServers }),
  }
}
