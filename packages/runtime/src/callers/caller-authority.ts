import { findPermissionCeilings } from '@subagent-mcp/driver-kit'
import {
  limitCallerPermissions,
  strictestCallerPermissions,
  decodeCallerPermissions,
  type CallerPermissions,
} from '@subagent-mcp/permissions'
import type { ClientInfo } from './connection.js'

/**
 * Returns the most that a client may grant to agents that it launches. A host may grant what the user allows to hosts. An agent may
 * grant its own authority, or almost nothing if its ceiling is missing or unreadable.
 */
export function determineCallerAuthority(
  client: Pick<ClientInfo, 'environment' | 'pid'>,
  depth: number,
  ofHosts: CallerPermissions,
): CallerPermissions {
  if (depth === 0) return ofHosts
  const texts = findPermissionCeilings(client)
  if (texts.length === 0) return withNothingKnown(ofHosts)
  return texts.reduce((authority, text) => {
    const ceiling = decodeCallerPermissions(text)
    return ceiling ? limitCallerPermissions(authority, ceiling) : withNothingKnown(authority)
  }, ofHosts)
}

function withNothingKnown(authority: CallerPermissions): CallerPermissions {
  return { ...authority, preset: strictestCallerPermissions.preset }
}
