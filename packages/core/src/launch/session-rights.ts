import type { Abilities, SessionSpec } from '@subagent-mcp/contract'
import { ceilingText, noRules, type Authority } from '@subagent-mcp/permissions'
import type { Profile } from '../agent/agent.js'

/**
 * What a session of such authority is opened with. The CLI asks for every call, so that the policy decides and not what
 * a project's files or the CLI's settings allow; but where nothing is forbidden or closed, or the CLI confines what only reads.
 */
export function sessionRights(
  authority: Authority,
  { confines }: Pick<Abilities, 'confines'>,
): Pick<SessionSpec, 'permissions' | 'asksAll' | 'ceiling'> {
  const { preset, rules, closed } = authority
  const isSettled = preset === 'full-auto' || (preset === 'read-only' && confines)
  const isRestricted = closed !== undefined || rules.deny.length + rules.ask.length > 0
  return {
    permissions: preset,
    ...((isRestricted || !isSettled) && { asksAll: true }),
    ceiling: ceilingText(authority),
  }
}

/** What an agent may do. */
export function authorityOf({ authority }: Pick<Profile, 'authority'>): Authority {
  return authority ?? { preset: 'ask', rules: noRules }
}
