import { permissionCeilingsOf } from '@subagent-mcp/driver-kit'
import {
  limitAuthority,
  strictestAuthority,
  decodeAuthority,
  type Authority,
} from '@subagent-mcp/permissions'
import type { ClientInfo } from './connection.js'

/**
 * Returns the most that a client may grant to agents that it launches. A host may grant what the user allows to hosts. An agent may
 * grant its own authority, or almost nothing if its ceiling is missing or unreadable.
 */
export function determineCallerAuthority(
  client: Pick<ClientInfo, 'environment' | 'pid'>,
  depth: number,
  ofHosts: Authority,
): Authority {
  if (depth === 0) return ofHosts
  const texts = permissionCeilingsOf(client)
  if (texts.length === 0) return withNothingKnown(ofHosts)
  return texts.reduce((authority, text) => {
    const ceiling = decodeAuthority(text)
    return ceiling ? limitAuthority(authority, ceiling) : withNothingKnown(authority)
  }, ofHosts)
}

function withNothingKnown(authority: Authority): Authority {
  return { ...authority, preset: strictestAuthority.preset }
}
