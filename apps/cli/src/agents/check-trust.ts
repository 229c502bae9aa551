import { SubagentError, type SessionSpec } from '@subagent-mcp/contract'
import type { AgentDefinition } from '@subagent-mcp/definitions'
import { isAbsolute, relative, sep } from 'node:path'
import { configPath } from '../settings/config.js'

/** What the user has said of definitions, and where a definition may come from somebody else. */
export type Trust = {
  bypassPermissions: readonly string[]
  project: string
  environment: SessionSpec['environment']
}

/**
 * A project's files may be anybody's: what would act without asking needs the user's own word.
 * @throws SubagentError `not-supported` that says how the user gives it
 */
export function checkTrust(definition: AgentDefinition, trust: Trust): void {
  checkPermissions(definition, trust)
  const { name, path, lines, mcpServers } = definition
  if (!mcpServers || !isInside(trust.project, path)) return
  const message = `${path}:${lines['mcpServers'] ?? 1}: agent '${name}' would start MCP servers that its project names`
  const hint =
    "add the servers to the CLI's own configuration and name them here, or move the definition out of the project"
  throw new SubagentError('not-supported', message, { hint })
}

/** A name stands for a definition of the user's own; one that a project brings is named by its path. */
function checkPermissions({ name, path, lines, permissions }: AgentDefinition, trust: Trust): void {
  if (permissions !== 'full-auto') return
  const entry = isInside(trust.project, path) ? path : name
  if (trust.bypassPermissions.includes(entry)) return
  const message =
    `${path}:${lines['permissionMode'] ?? 1}: agent '${name}' would run without any permission check, ` +
    'which the user has not allowed'
  const hint =
    `if it may, the user puts "${entry}" into bypassPermissions in ${configPath(trust.environment)}, ` +
    'then: subagent-mcp daemon restart; else give it another permissionMode'
  throw new SubagentError('not-supported', message, { hint })
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
