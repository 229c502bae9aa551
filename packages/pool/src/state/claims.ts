import type { Failure } from '@subagent-mcp/contract'
import type { PoolEffect } from './effect.js'
import type { MemberClaim, Member, MemberPhase } from './member.js'

/** The claims on a member that gets ready; `undefined` in other phases. */
export function claimsOf({ phase }: Member): readonly MemberClaim[] | undefined {
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

export function memberWithClaims(member: Member, claims: readonly MemberClaim[]): Member {
  return { ...member, phase: phaseWithClaims(member.phase, claims) }
}

export function memberWithClaim(member: Member, claim: MemberClaim): Member {
  return memberWithClaims(member, [...(claimsOf(member) ?? []), claim])
}

/** Tells the callers behind these claims that they get no session. */
export function failClaims(claims: readonly MemberClaim[], failure: Failure): PoolEffect[] {
  return claims.flatMap((claim): PoolEffect[] => {
    if (claim.type === 'lease') return [{ type: 'fail-lease', leaseId: claim.leaseId, failure }]
    if (claim.type === 'stock') return []
    return [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'failed', failure } }]
  })
}

function phaseWithClaims(phase: MemberPhase, claims: readonly MemberClaim[]): MemberPhase {
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
