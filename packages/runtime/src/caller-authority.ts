import type { Guest } from '@subagent-mcp/daemon'
import { ceilingsOf } from '@subagent-mcp/driver-kit'
import { grant, mostRestricted, readCeiling, type Authority } from '@subagent-mcp/permissions'

/**
 * The most that a guest can give. A host can give all that its user lets it; an agent what it has itself, by all that
 * is said of it, and next to nothing where that is missing or cannot be read.
 */
export function callerAuthority(
  guest: Pick<Guest, 'environment' | 'pid'>,
  depth: number,
  ofHosts: Authority,
): Authority {
  if (depth === 0) return ofHosts
  const texts = ceilingsOf(guest)
  if (texts.length === 0) return withNothingKnown(ofHosts)
  return texts.reduce((authority, text) => {
    const ceiling = readCeiling(text)
    return ceiling ? grant(authority, ceiling) : withNothingKnown(authority)
  }, ofHosts)
}

function withNothingKnown(authority: Authority): Authority {
  return { ...authority, preset: mostRestricted.preset }
}
