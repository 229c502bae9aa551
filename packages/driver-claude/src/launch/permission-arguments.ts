import type { PermissionPreset, SessionSpec } from '@subagent-mcp/contract'

type Asked = Pick<SessionSpec, 'permissions' | 'asksAll'>

/** The permission mode of Claude for a session. */
export function permissionMode({ permissions = 'ask', asksAll }: Asked): string {
  // Also for `read-only`, because `dontAsk` runs what the user's settings allow, and no rule could stop a push without
  // stopping `ls` too. The owner of the session, who is asked instead, can tell them apart.
  return asksAll ? 'default' : modes[permissions]
}

const modes: Readonly<Record<PermissionPreset, string>> = {
  // `dontAsk` denies calls that would ask. `plan` would also change the model's behaviour.
  'read-only': 'dontAsk',
  ask: 'default',
  'accept-edits': 'acceptEdits',
  'full-auto': 'bypassPermissions',
}

/** Settings that deny the listed calls and, with `asksAll`, ask for all others. These rules win over all allow rules. */
export function permissionSettings({ asksAll }: Asked, deny: readonly string[]): object {
  const rules = { ...(asksAll && { ask: ['*'] }), ...(deny.length > 0 && { deny }) }
  return {
    ...(Object.keys(rules).length > 0 && { permissions: rules }),
    // Otherwise Claude allows commands in the user's sandbox in spite of a rule that asks.
    ...(asksAll && { sandbox: { autoAllowBashIfSandboxed: false } }),
  }
}

/** Variables for the permissions of a session. As root Claude has `bypassPermissions` only in a sandbox. In other sessions each command starts in the project folder, where the owner expects it. */
export function permissionVariables(
  { permissions, asksAll }: Asked,
  isRoot = process.getuid?.() === 0,
): Record<string, string> {
  const isAsked = permissions !== 'full-auto' || asksAll === true
  if (isAsked) return { CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1' }
  return isRoot ? { IS_SANDBOX: '1' } : {}
}
