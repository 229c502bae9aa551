import type { PermissionPreset, SessionSpec } from '@subagent-mcp/contract'

type Asked = Pick<SessionSpec, 'permissions' | 'asksAll'>

/** How much a session lets the CLI do without asking, in its own word. */
export function permissionMode({ permissions = 'ask', asksAll }: Asked): string {
  // Also for `read-only`: `dontAsk` runs what the user's settings allow, and no rule of ours keeps a push from it that
  // would not keep `ls` from it too. The owner, who is asked, can tell them apart.
  return asksAll ? 'default' : modes[permissions]
}

const modes: Readonly<Record<PermissionPreset, string>> = {
  // It refuses what would ask. `plan` would change what the model does, not only what it may.
  'read-only': 'dontAsk',
  ask: 'default',
  'accept-edits': 'acceptEdits',
  'full-auto': 'bypassPermissions',
}

/** The settings by which the CLI denies what is listed, and asks for all else: such rules win over those that allow, wherever these stand. */
export function permissionSettings({ asksAll }: Asked, deny: readonly string[]): object {
  const rules = { ...(asksAll && { ask: ['*'] }), ...(deny.length > 0 && { deny }) }
  return {
    ...(Object.keys(rules).length > 0 && { permissions: rules }),
    // A user's sandbox would let commands pass by a rule that asks.
    ...(asksAll && { sandbox: { autoAllowBashIfSandboxed: false } }),
  }
}

/** What a session needs in the environment: as root the CLI asks nothing only inside a sandbox; and a command that is asked for runs where its owner thinks that it does, whatever ran before. */
export function permissionVariables(
  { permissions, asksAll }: Asked,
  isRoot = process.getuid?.() === 0,
): Record<string, string> {
  const isAsked = permissions !== 'full-auto' || asksAll === true
  if (isAsked) return { CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1' }
  return isRoot ? { IS_SANDBOX: '1' } : {}
}
