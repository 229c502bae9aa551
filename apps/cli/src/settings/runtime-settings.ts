import type { UserTrust } from '@subagent-mcp/runtime'
import { configPath, type Config } from './config.js'

/** What the configuration lets agent definitions do. */
export function userTrust(
  { bypassPermissions, definitionVariables, ceiling }: Config,
  environment: NodeJS.ProcessEnv,
): UserTrust {
  return { bypassPermissions, definitionVariables, ceiling, settingsPlace: configPath(environment) }
}
