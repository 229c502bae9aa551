import { SubagentError, type Driver, type SessionSpec } from '@subagent-mcp/contract'
import type { SessionSetup } from '@subagent-mcp/core'
import { composeAgentPrompt, findDefinition, placesOf, type AgentDefinition } from '@subagent-mcp/definitions'
import { checkDefinition } from './check-definition.js'
import { mayBypassPermissions, type UserTrust } from './check-trust.js'
import { resolveFolder } from '../folders.js'
import { resolve } from 'node:path'

/** A checked definition, with the driver that runs it and the setup of its sessions. */
export type RunnableAgent = {
  definition: AgentDefinition
  driver: Driver
  /** The folder in which the agent works: absolute and existing. */
  cwd: string
  setup: SessionSetup
  /** Whether the user lets this definition skip all permission checks. */
  isNamed: boolean
}

/** The name, place and caller with which a definition is looked up, and the user's trust for its checks. */
export type DefinitionQuery = UserTrust & {
  name: string
  /** The caller's choice of folder, for a definition that names none. */
  folder: string | undefined
  caller: { cwd: string; environment: SessionSpec['environment'] }
  project: string
  drivers: ReadonlyMap<string, Driver>
  /** Unix milliseconds. */
  now: number
}

/**
 * Reads an agent's definition from its file and checks it.
 * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`,
 * `invalid-parameter` for another folder than the definition's own
 */
export function runnableAgent(query: DefinitionQuery): RunnableAgent {
  const { name, folder, caller, project, now } = query
  const definition = findDefinition(name, placesOf(project, caller.environment), project)
  const rules = { ...query, environment: caller.environment }
  const driver = checkDefinition(definition, rules)
  checkSoleFolder(definition, folder, caller.cwd)
  const cwd = resolveFolder(definition.cwd ?? folder, caller.cwd)
  // The Swedish form is `2026-11-21`; the day is that of the local time zone.
  const date = new Date(now).toLocaleDateString('sv-SE')
  const prompt = composeAgentPrompt(definition, { cwd, date })
  return {
    definition,
    driver,
    cwd,
    setup: setupOf(definition, prompt),
    isNamed: mayBypassPermissions(definition, rules),
  }
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
