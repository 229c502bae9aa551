import type { DriverAbilities, SessionSpec } from '@subagent-mcp/contract'
import { encodeCallerPermissions, noPermissionRules, type CallerPermissions } from '@subagent-mcp/permissions'
import type { AgentProfile } from '../agent/agent.js'

/**
 * The permission settings of a session. The CLI asks before every call, so that the policy decides and not the settings of the
 * project or of the CLI. The CLI does not ask if everything is allowed, or if it confines a read-only session itself.
 */
export function createSessionRights(
  authority: CallerPermissions,
  { confines }: Pick<DriverAbilities, 'confines'>,
): Pick<SessionSpec, 'permissions' | 'asksAll' | 'ceiling'> {
  const { preset, rules, closed } = authority
  const isSettled = preset === 'full-auto' || (preset === 'read-only' && confines)
  const isRestricted = closed !== undefined || rules.deny.length + rules.ask.length > 0
  return {
    permissions: preset,
    ...((isRestricted || !isSettled) && { asksAll: true }),
    ceiling: encodeCallerPermissions(authority),
  }
}

/** The authority of an agent. Agents that older versions launched have `ask` without rules. */
export function getAgentAuthority({ authority }: Pick<AgentProfile, 'authority'>): CallerPermissions {
  return authority ?? { preset: 'ask', rules: noPermissionRules }
}
