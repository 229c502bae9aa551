import type { PermissionPreset, SessionSpec } from '@subagent-mcp/contract'

/** When Codex asks, and what its sandbox lets a command do that was not asked for. */
export type Permissions = {
  approvalPolicy: 'untrusted' | 'on-request' | 'never'
  sandbox: 'read-only' | 'workspace-write' | 'danger-full-access'
}

/** What a session may do, in Codex's words. */
export function permissionsOf({
  permissions = 'ask',
  asksAll,
}: Pick<SessionSpec, 'permissions' | 'asksAll'>): Permissions {
  if (!asksAll) return presets[permissions]
  // What is allowed is tried in the sandbox first, and again outside of it only where Codex sees that it was stopped:
  // it does not where the network was missing, and what had been done by then is done twice.
  const sandbox = permissions === 'read-only' ? 'read-only' : 'danger-full-access'
  return { approvalPolicy: 'untrusted', sandbox }
}

/** Not `untrusted`: it asks even for `ls`, while the sandbox makes sure of what a command can do. */
const presets: Readonly<Record<PermissionPreset, Permissions>> = {
  'read-only': { approvalPolicy: 'never', sandbox: 'read-only' },
  ask: { approvalPolicy: 'on-request', sandbox: 'read-only' },
  'accept-edits': { approvalPolicy: 'on-request', sandbox: 'workspace-write' },
  'full-auto': { approvalPolicy: 'never', sandbox: 'danger-full-access' },
}
