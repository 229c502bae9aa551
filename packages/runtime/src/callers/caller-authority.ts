import { ceilingsOf } from '@subagent-mcp/driver-kit'
import { limitAuthority, mostRestricted, readCeiling, type Authority } from '@subagent-mcp/permissions'
import type { ClientInfo } from './connection.js'

/**
 * The most that a client may grant to the agents that it launches. A host grants what the user allows hosts; an agent
 * grants what it has itself, and almost nothing where its own ceiling is missing or cannot be read.
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
