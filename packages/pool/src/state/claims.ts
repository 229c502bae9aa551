import type { Failure } from '@subagent-mcp/contract'
import type { Effect } from './effect.js'
import type { Claim, Member, MemberPhase } from './member.js'

/** Who waits for a member to be ready. */
export function claimsOf({ phase }: Member): readonly Claim[] | undefined {
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

/** A member that gets ready for others than before. */
export function putClaims(member: Member, claims: readonly Claim[]): Member {
  return { ...member, phase: withClaims(member.phase, claims) }
}

/** A member that gets ready for one more. */
export function joinClaims(member: Member, claim: Claim): Member {
  return putClaims(member, [...(claimsOf(member) ?? []), claim])
}

/** Tells those who claim a member that they will not have it. */
export function failClaims(claims: readonly Claim[], failure: Failure): Effect[] {
  return claims.flatMap((claim): Effect[] => {
    if (claim.type === 'lease') return [{ type: 'fail-lease', leaseId: claim.leaseId, failure }]
    if (claim.type === 'stock') return []
    return [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'failed', failure } }]
  })
}

function withClaims(phase: MemberPhase, claims: readonly Claim[]): MemberPhase {
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
