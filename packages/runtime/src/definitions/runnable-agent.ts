import { SubagentError, type Driver, type PermissionPreset, type SessionSpec } from '@subagent-mcp/contract'
import type { SessionSetup } from '@subagent-mcp/core'
import { composePrompt, findDefinition, placesOf, type AgentDefinition } from '@subagent-mcp/definitions'
import { checkDefinition } from './check-definition.js'
import { isNamed } from './check-trust.js'
import { existingFolder } from '../settings/folders.js'
import { localDate } from '../local-date.js'
import { resolve } from 'node:path'

/** A defined agent that its provider can run as it is defined, with all that a session of it is opened with. */
export type RunnableAgent = {
  definition: AgentDefinition
  driver: Driver
  /** Absolute; exists. */
  cwd: string
  setup: SessionSetup
  /** The user lets it skip all permission checks, by its name. */
  isNamed: boolean
}

/** Where an agent is looked for, and what it is checked against. */
export type AgentQuery = {
  name: string
  /** The folder that was asked for, where the definition does not say. */
  folder: string | undefined
  visitor: { cwd: string; environment: SessionSpec['environment'] }
  project: string
  drivers: ReadonlyMap<string, Driver>
  bypassPermissions: readonly string[]
  definitionVariables: Readonly<Record<string, readonly string[]>>
  ceiling: PermissionPreset
  /** Unix milliseconds. */
  now: number
}

/**
 * Reads an agent's definition afresh, and checks it.
 * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`,
 * `invalid-parameter` for another folder than the definition's own
 */
export function runnableAgent(query: AgentQuery): RunnableAgent {
  const { name, folder, visitor, project, now } = query
  const definition = findDefinition(name, placesOf(project, visitor.environment), project)
  const rules = { ...query, environment: visitor.environment }
  const driver = checkDefinition(definition, rules)
  checkSoleFolder(definition, folder, visitor.cwd)
  const cwd = existingFolder(definition.cwd ?? folder, visitor.cwd)
  const prompt = composePrompt(definition, { cwd, date: localDate(now) })
  return { definition, driver, cwd, setup: setupOf(definition, prompt), isNamed: isNamed(definition, rules) }
}

function checkSoleFolder({ name, cwd }: AgentDefinition, folder: string | undefined, from: string): void {
  if (cwd === undefined || folder === undefined || resolve(from, folder) === cwd) return
  throw new SubagentError('invalid-parameter', `cwd beside agent '${name}', whose definition says ${cwd}`, {
    hint: 'leave it out',
  })
}

function setupOf(definition: AgentDefinition, appendSystemPrompt: string): SessionSetup {
  const { tools, maxTurns, mcpServers } = definition
  return {
    appendSystemPrompt,
    ...(tools && { tools }),
    ...(maxTurns !== undefined && { maxTurns }),
    ...(mcpServers && { mcpServers }),
  }
}
