import type { SessionCommand } from '@subagent-mcp/contract'
import { poolResetLimitMs } from '../state/pool-deadlines.js'
import type { PoolMember, MemberResettingPhase } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/pool-step.js'

/** How to reset a session. `onlyTurnId`: the only turn since priming, which can be rewound. `after`: the next step. */
export type PoolMemberReset = {
  onlyTurnId: string | undefined
  after: MemberResettingPhase['after']
  at: number
}

/** Resets a session to its ready state: by a rewind where that keeps the primed turn, otherwise completely. */
export function resetPoolMember(
  state: PoolState,
  member: PoolMember,
  { onlyTurnId, after, at }: PoolMemberReset,
): PoolStep {
  const { prime, provider } = getMemberPoolSpec(state, member)
  const rewinds =
    prime !== undefined && onlyTurnId !== undefined && state.providers.get(provider)?.rewind === true
  const command: SessionCommand = rewinds ? { type: 'rewind', turnId: onlyTurnId } : { type: 'reset' }
  const primes = prime !== undefined && !rewinds
  const phase = { status: 'resetting', after, primes, until: at + poolResetLimitMs } as const
  return [storePoolMember(state, { ...member, phase }), { type: 'send', memberId: member.id, command }]
}
