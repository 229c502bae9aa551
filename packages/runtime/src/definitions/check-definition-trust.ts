import { isPathInside, SubagentError, type PermissionPreset, type SessionSpec } from '@subagent-mcp/contract'
import { getUserConfigFolder, getUserHomeFolder, type AgentDefinition } from '@subagent-mcp/definitions'
import { isProgramStartVariable } from '@subagent-mcp/driver-kit'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The user's settings for the rights of definitions. */
export type UserTrustSettings = {
  /** The definitions that may skip all permission checks: the user's own by name, a project's by path. */
  bypassPermissions: readonly string[]
  /** Variables of the environment that a project's definition may read, by the path of its file. */
  definitionVariables: Readonly<Record<string, readonly string[]>>
  /** The most permissions that a host may grant. With `full-auto` no definition needs to be in `bypassPermissions`. */
  ceiling: PermissionPreset
  /** The place of these settings, such as the path of a configuration file, for error messages. */
  settingsPlace: string
}

/** The user's trust, and the project that may contain the definition, for the checks of a definition. */
export type DefinitionTrust = UserTrustSettings & { project: string; environment: SessionSpec['environment'] }

/**
 * Refuses a project's definition that uses permissions, variables, servers or accounts without the user's consent, because anybody may
 * have written the project's files. @throws SubagentError `not-supported` that says how the user consents
 */
export function checkDefinitionTrust(definition: AgentDefinition, trust: DefinitionTrust): void {
  checkPermissions(definition, trust)
  if (!isProjects(definition, trust)) return
  checkVariables(definition, trust)
  checkServers(definition)
  checkAccount(definition)
}

/**
 * Refuses a project's definition that reads variables without the user's consent. Variables that change how programs start are
 * refused even with the user's consent.
 */
function checkVariables({ name, path, lines, env }: AgentDefinition, trust: DefinitionTrust): void {
  const refuse = (variables: readonly string[], why: string, hint: string): void => {
    if (variables.length === 0) return
    const message = `${path}:${lines['env'] ?? 1}: agent '${name}' asks for ${variables.join(', ')} of your environment, ${why}`
    throw new SubagentError('not-supported', message, { hint })
  }
  refuse(
    env.filter(isProgramStartVariable),
    'which changes how programs start: no definition in a project gets that',
    `take it out of env; if you trust the definition, move it to ${join(getUserConfigFolder(trust.environment), 'agents')}`,
  )
  const allowed = trust.definitionVariables[path] ?? []
  const missing = env.filter((variable) => !allowed.includes(variable))
  const entry = JSON.stringify({ [path]: [...new Set([...allowed, ...missing])] }).slice(1, -1)
  refuse(
    missing,
    'which you have not allowed',
    `if it may have that, put ${entry} into definitionVariables in ${trust.settingsPlace}, ` +
      'then: subagent-mcp daemon restart; otherwise take it out of env',
  )
}

function checkServers({ name, path, lines, mcpServers }: AgentDefinition): void {
  if (!mcpServers) return
  const message = `${path}:${lines['mcpServers'] ?? 1}: agent '${name}' would start MCP servers that its project names`
  const hint =
    "add the servers to the CLI's own configuration and name them here, or move the definition out of the project"
  throw new SubagentError('not-supported', message, { hint })
}

function checkAccount({ name, path, lines, account }: AgentDefinition): void {
  if (account === undefined) return
  const message = `${path}:${lines['account'] ?? 1}: agent '${name}' would use your account '${account}', which no definition in a project chooses`
  throw new SubagentError('not-supported', message, {
    hint: 'name the account in the launch, or move the definition out of the project',
  })
}

function checkPermissions(definition: AgentDefinition, trust: DefinitionTrust): void {
  const { name, path, lines, permissions } = definition
  if (
    permissions !== 'full-auto' ||
    trust.ceiling === 'full-auto' ||
    mayDefinitionBypassPermissions(definition, trust)
  )
    return
  const message =
    `${path}:${lines['permissionMode'] ?? 1}: agent '${name}' would run without any permission check, ` +
    'which the user has not allowed'
  const hint =
    `if it may, the user puts "${entryOf(definition, trust)}" into bypassPermissions in ${trust.settingsPlace}, ` +
    'then: subagent-mcp daemon restart; else give it another permissionMode'
  throw new SubagentError('not-supported', message, { hint })
}

/** Whether the user has listed a definition as one that may skip all permission checks. */
export function mayDefinitionBypassPermissions(
  definition: AgentDefinition,
  trust: Owner & Pick<DefinitionTrust, 'bypassPermissions'>,
): boolean {
  return trust.bypassPermissions.includes(entryOf(definition, trust))
}

type Owner = Pick<DefinitionTrust, 'project' | 'environment'>

/** Returns the entry for a definition in the user's settings: the name of a user's definition, the path of a project's definition. */
function entryOf(definition: AgentDefinition, owner: Owner): string {
  return isProjects(definition, owner) ? definition.path : definition.name
}

/**
 * Whether a definition belongs to the project and not to the user. If the home folder itself is a repository, its definitions
 * belong to the user.
 */
function isProjects({ path, builtIn }: AgentDefinition, { project, environment }: Owner): boolean {
  // Built-in definitions may be inside the project, if the program itself is installed there.
  if (builtIn || !isPathInside(project, path)) return false
  const folder = realpathSync(dirname(path))
  return !usersFolders(environment).some((own) => isPathInside(own, folder))
}

/** The folders of the user's own definitions, without a folder that a variable names: inside a project that folder belongs to the project. */
function usersFolders(environment: DefinitionTrust['environment']): readonly string[] {
  const { SUBAGENT_MCP_HOME: ours, CLAUDE_CONFIG_DIR: claude } = environment
  const names = [...(ours ? [] : ['.subagent-mcp']), ...(claude ? [] : ['.claude']), '.gemini']
  return names.flatMap((name) => {
    const folder = join(getUserHomeFolder(environment), name, 'agents')
    return existsSync(folder) ? [realpathSync(folder)] : []
  })
}
