import { ceilingsOf } from '@subagent-mcp/driver-kit'
import { limitAuthority, mostRestricted, readCeiling, type Authority } from '@subagent-mcp/permissions'
import type { ClientInfo } from './connection.js'

/**
 * Returns the most that a client may grant to agents that it launches: for a host what the user allows hosts, for an agent what
 * it has itself, or almost nothing where its ceiling is missing or unreadable.
 */
export function callerAuthority(
  client: Pick<ClientInfo, 'environment' | 'pid'>,
  depth: number,
  ofHosts: Authority,
): Authority {
  if (depth === 0) return ofHosts
  const texts = ceilingsOf(client)
  if (texts.length === 0) return withNothingKnown(ofHosts)
  return texts.reduce((authority, text) => {
    const ceiling = readCeiling(text)
    return ceiling ? limitAuthority(authority, ceiling) : withNothingKnown(authority)
  }, ofHosts)
}

function withNothingKnown(authority: Authority): Authority {
  return { ...authority, preset: mostRestricted.preset }
}
