import { poolTurnLimitMs } from '../state/deadlines.js'
import type { PoolEffect } from '../state/effect.js'
import type { FactStamp } from '../state/fact.js'
import { claimingLease, type MemberClaim, type Member } from '../state/member.js'
import { putMember, specOf, type PoolState } from '../state/pool-state.js'
import { viewMember } from '../state/processes.js'
import { beginLease, makeIdle } from './recycle.js'
import { continueStep, type PoolStep } from '../state/step.js'

/** A pool member that gets ready, with the claims that wait for it. */
export type ClaimedMember = { member: Member; claims: readonly MemberClaim[] }

/** Sends the prime prompt to a member's new session. Without a prime prompt the member is ready immediately. */
export function primeMember(
  state: PoolState,
  { member, claims }: ClaimedMember,
  { at, id }: FactStamp,
): PoolStep {
  const text = specOf(state, member).prime
  if (text === undefined) return makeReady(state, { member, claims }, { at, id })
  const phase = { status: 'priming', claims, turnId: id, until: at + poolTurnLimitMs } as const
  return [putMember(state, { ...member, phase }), prompt(member, { turnId: id, text })]
}

/** Gives a ready pool member to its first claim: a lease, or a warm-up with a cache turn. Otherwise it becomes idle. */
export function makeReady(state: PoolState, { member, claims }: ClaimedMember, stamp: FactStamp): PoolStep {
  const leaseId = claimingLease(claims)
  if (leaseId !== undefined) {
    const begun = beginLease(state, member, { leaseId, at: stamp.at })
    return continueStep(begun, (next) => answerWarmClaims(next, { member, claims }))
  }
  if (claims.some((claim) => claim.type === 'warm' && claim.cache))
    return fillCache(state, { member, claims }, stamp)
  return continueStep(makeIdle(state, member, stamp.at), (next) => answerWarmClaims(next, { member, claims }))
}

/** Runs a turn whose only purpose is to fill the provider's prompt cache. */
export function fillCache(
  state: PoolState,
  { member, claims }: ClaimedMember,
  { at, id }: FactStamp,
): PoolStep {
  const phase = {
    status: 'caching',
    claims: claims.map(withoutCacheWish),
    turnId: id,
    until: at + poolTurnLimitMs,
  } as const
  return [putMember(state, { ...member, phase }), prompt(member, { turnId: id, text: cachePrompt })]
}

/** Returns the claim without its request for a turn that fills the prompt cache. */
export function withoutCacheWish(claim: MemberClaim): MemberClaim {
  return claim.type === 'warm' ? { ...claim, cache: false } : claim
}

const cachePrompt = 'Reply with OK and nothing else.'

function prompt({ id }: Member, { turnId, text }: { turnId: string; text: string }): PoolEffect {
  return { type: 'send', memberId: id, command: { type: 'prompt', turnId, text } }
}

function answerWarmClaims(state: PoolState, { member: { id }, claims }: ClaimedMember): PoolStep {
  const member = state.members.get(id)
  if (!member) return [state]
  const process = viewMember(state, member)
  const told = claims.flatMap((claim): PoolEffect[] =>
    claim.type === 'warm'
      ? [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'warm', process } }]
      : [],
  )
  return [state, ...told]
}
