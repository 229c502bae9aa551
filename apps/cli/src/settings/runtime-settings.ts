import type { SupervisorLimits } from '@subagent-mcp/core'
import { strictestCallerPermissions, type CallerPermissions } from '@subagent-mcp/permissions'
import type { UserTrustSettings } from '@subagent-mcp/runtime'
import { getConfigPath, type UserConfig } from './config.js'
import type { UserSettings } from './user-settings.js'

/** Returns the configured limits of agents, in milliseconds and bytes as the supervisor takes them. */
export function getConfiguredSupervisorLimits(
  { limits, idleCloseMinutes, permissions, budgets }: UserConfig,
  stalledAfter: number,
): SupervisorLimits {
  const { freeMemoryMegabytes, ...counts } = limits
  return {
    ...counts,
    memoryFloor: freeMemoryMegabytes * 1024 * 1024,
    idleCloseAfter: idleCloseMinutes * 60_000,
    quietAfter: stalledAfter,
    budgets: { day: budgets.day, reserve: budgets.reserve },
    answerWithin: permissions.deadlineMinutes * 60_000,
  }
}

/**
 * Returns the most permissions that a host may grant to agents by the configuration. If the configuration cannot be read, a host may grant
 * almost nothing, because the user's prohibitions are not known.
 */
export function getConfiguredHostCeiling({
  config,
  problem,
}: Pick<UserSettings, 'config' | 'problem'>): CallerPermissions {
  if (problem !== undefined) return strictestCallerPermissions
  const { deny, ask, allow } = config.permissions
  return { preset: config.ceiling, rules: { deny, ask, allow } }
}

/** Returns what the configuration allows to agent definitions, such as to bypass permission checks. */
export function getConfiguredDefinitionTrust(
  { bypassPermissions, definitionVariables, ceiling }: UserConfig,
  environment: NodeJS.ProcessEnv,
): UserTrustSettings {
  return { bypassPermissions, definitionVariables, ceiling, settingsPlace: getConfigPath(environment) }
}
