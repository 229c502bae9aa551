import { claimsOf, failClaims, memberWithClaims } from '../state/claims.js'
import { endMember } from './end-member.js'
import { requestCancelledFailure } from '../state/failures.js'
import type { MemberClaim, Member } from '../state/member.js'
import { putMember, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/step.js'

/** Withdraws claims on a member, which ends if it starts for nobody else. */
export function giveUpClaim(
  state: PoolState,
  member: Member,
  isTheirs: (claim: MemberClaim) => boolean,
): PoolStep {
  const claims = claimsOf(member) ?? []
  const left = claims.filter((claim) => !isTheirs(claim))
  const { status } = member.phase
  if (left.length === 0 && (status === 'opening' || status === 'priming'))
    return endMember(state, member, { mode: 'kill', why: requestCancelledFailure })
  return [
    putMember(state, memberWithClaims(member, left)),
    ...failClaims(claims.filter(isTheirs), requestCancelledFailure),
  ]
}
