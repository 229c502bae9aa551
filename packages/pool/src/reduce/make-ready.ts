import { poolTurnLimitMs } from '../state/deadlines.js'
import type { PoolEffect } from '../state/effect.js'
import type { PoolFactStamp } from '../state/fact.js'
import { findClaimedLeaseId, type PoolClaim, type PoolMember } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import { viewPooledProcess } from '../state/processes.js'
import { leaseIdleMember, makeMemberIdle } from './recycle.js'
import { nextPoolStep, type PoolStep } from '../state/step.js'

export type ClaimedMember = { member: PoolMember; claims: readonly PoolClaim[] }

/** Sends the prime prompt to a member's new session. Without a prime prompt the member is ready immediately. */
export function primePoolMember(
  state: PoolState,
  { member, claims }: ClaimedMember,
  { at, id }: PoolFactStamp,
): PoolStep {
  const text = getMemberPoolSpec(state, member).prime
  if (text === undefined) return serveFirstClaim(state, { member, claims }, { at, id })
  const phase = { status: 'priming', claims, turnId: id, until: at + poolTurnLimitMs } as const
  return [storePoolMember(state, { ...member, phase }), prompt(member, { turnId: id, text })]
}

/** Gives a ready pool member to its first claim: a lease, or a warm-up with a cache turn. Otherwise it becomes idle. */
export function serveFirstClaim(
  state: PoolState,
  { member, claims }: ClaimedMember,
  stamp: PoolFactStamp,
): PoolStep {
  const leaseId = findClaimedLeaseId(claims)
  if (leaseId !== undefined) {
    const begun = leaseIdleMember(state, member, { leaseId, at: stamp.at })
    return nextPoolStep(begun, (next) => answerWarmClaims(next, { member, claims }))
  }
  if (claims.some((claim) => claim.type === 'warm' && claim.cache))
    return startPromptCacheTurn(state, { member, claims }, stamp)
  return nextPoolStep(makeMemberIdle(state, member, stamp.at), (next) =>
    answerWarmClaims(next, { member, claims }),
  )
}

/** Runs a turn whose only purpose is to fill the provider's prompt cache. */
export function startPromptCacheTurn(
  state: PoolState,
  { member, claims }: ClaimedMember,
  { at, id }: PoolFactStamp,
): PoolStep {
  const phase = {
    status: 'caching',
    claims: claims.map(claimWithoutCacheTurn),
    turnId: id,
    until: at + poolTurnLimitMs,
  } as const
  return [storePoolMember(state, { ...member, phase }), prompt(member, { turnId: id, text: cachePrompt })]
}

/** Returns the claim without its request for a turn that fills the prompt cache. */
export function claimWithoutCacheTurn(claim: PoolClaim): PoolClaim {
  return claim.type === 'warm' ? { ...claim, cache: false } : claim
}

const cachePrompt = 'Reply with OK and nothing else.'

function prompt({ id }: PoolMember, { turnId, text }: { turnId: string; text: string }): PoolEffect {
  return { type: 'send', memberId: id, command: { type: 'prompt', turnId, text } }
}

function answerWarmClaims(state: PoolState, { member: { id }, claims }: ClaimedMember): PoolStep {
  const member = state.members.get(id)
  if (!member) return [state]
  const process = viewPooledProcess(state, member)
  const told = claims.flatMap((claim): PoolEffect[] =>
    claim.type === 'warm'
      ? [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'warm', process } }]
      : [],
  )
  return [state, ...told]
}
