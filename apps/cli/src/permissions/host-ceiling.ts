import { mostRestricted, type Authority } from '@subagent-mcp/permissions'
import type { UserFiles } from '../settings/user-files.js'

/** The most that a host can give, as the user says; where that cannot be read, what they forbid is not known either. */
export function hostCeiling({ config, problem }: Pick<UserFiles, 'config' | 'problem'>): Authority {
  if (problem !== undefined) return mostRestricted
  const { deny, ask, allow } = config.permissions
  return { preset: config.ceiling, rules: { deny, ask, allow } }
}
