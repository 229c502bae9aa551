import { claimsOf, failClaims, putClaims } from '../state/claims.js'
import { endMember } from './end-member.js'
import { calledOff } from '../state/failures.js'
import type { Claim, Member } from '../state/member.js'
import { put, type PoolState } from '../state/pool-state.js'
import type { Step } from '../state/step.js'

/** Somebody does not wait any more. What starts for nobody else is ended, and it is told when that is done. */
export function giveUpClaim(state: PoolState, member: Member, isTheirs: (claim: Claim) => boolean): Step {
  const claims = claimsOf(member) ?? []
  const left = claims.filter((claim) => !isTheirs(claim))
  const { status } = member.phase
  if (left.length === 0 && (status === 'opening' || status === 'priming'))
    return endMember(state, member, { mode: 'kill', why: calledOff })
  return [put(state, putClaims(member, left)), ...failClaims(claims.filter(isTheirs), calledOff)]
}
