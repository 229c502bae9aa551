import type { PermissionPreset } from '@subagent-mcp/contract'

/** How much each preset lets the CLI do without asking, in its own word. */
export const permissionModes: Readonly<Record<PermissionPreset, string>> = {
  // It refuses what would ask. `plan` would change what the model does, not only what it may.
  'read-only': 'dontAsk',
  ask: 'default',
  'accept-edits': 'acceptEdits',
  'full-auto': 'bypassPermissions',
}

/** What a preset needs in the environment: as root the CLI asks nothing only inside a sandbox. */
export function permissionVariables(
  preset: PermissionPreset | undefined,
  isRoot = process.getuid?.() === 0,
): Record<string, string> {
  return preset === 'full-auto' && isRoot ? { IS_SANDBOX: '1' } : {}
}
