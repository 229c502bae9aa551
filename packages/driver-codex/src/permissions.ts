import type { PermissionPreset } from '@subagent-mcp/contract'

/** When Codex asks, and what its sandbox lets a command do that was not asked for. */
export type Permissions = {
  approvalPolicy: 'on-request' | 'never'
  sandbox: 'read-only' | 'workspace-write' | 'danger-full-access'
}

/**
 * The presets in Codex's words. Not `untrusted`: it asks even for `ls`, while the sandbox makes sure of what a
 * command can do.
 */
export const permissionsOf: Readonly<Record<PermissionPreset, Permissions>> = {
  'read-only': { approvalPolicy: 'never', sandbox: 'read-only' },
  ask: { approvalPolicy: 'on-request', sandbox: 'read-only' },
  'accept-edits': { approvalPolicy: 'on-request', sandbox: 'workspace-write' },
  'full-auto': { approvalPolicy: 'never', sandbox: 'danger-full-access' },
}
