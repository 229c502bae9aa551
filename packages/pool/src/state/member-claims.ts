import type { Failure } from '@subagent-mcp/contract'
import type { PoolEffect } from './pool-effect.js'
import type { PoolClaim, PoolMember, PoolMemberPhase } from './pool-member.js'

/** The claims on a member that gets ready; `undefined` in other phases. */
export function getMemberClaims({ phase }: PoolMember): readonly PoolClaim[] | undefined {
  switch (phase.status) {
    case 'opening':
    case 'priming':
    case 'caching':
      return phase.claims
    case 'resetting':
      return phase.after.type === 'cache' ? phase.after.claims : undefined
    default:
      return undefined
  }
}

export function setMemberClaims(member: PoolMember, claims: readonly PoolClaim[]): PoolMember {
  return { ...member, phase: phaseWithClaims(member.phase, claims) }
}

export function addMemberClaim(member: PoolMember, claim: PoolClaim): PoolMember {
  return setMemberClaims(member, [...(getMemberClaims(member) ?? []), claim])
}

/** Tells the callers behind these claims that they get no session. */
export function failMemberClaims(claims: readonly PoolClaim[], failure: Failure): PoolEffect[] {
  return claims.flatMap((claim): PoolEffect[] => {
    if (claim.type === 'lease') return [{ type: 'fail-lease', leaseId: claim.leaseId, failure }]
    if (claim.type === 'stock') return []
    return [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'failed', failure } }]
  })
}

function phaseWithClaims(phase: PoolMemberPhase, claims: readonly PoolClaim[]): PoolMemberPhase {
  switch (phase.status) {
    case 'opening':
    case 'priming':
    case 'caching':
      return { ...phase, claims }
    case 'resetting':
      return phase.after.type === 'cache' ? { ...phase, after: { type: 'cache', claims } } : phase
    default:
      return phase
  }
}
