import type { SessionCommand } from '@subagent-mcp/contract'
import { poolResetLimitMs } from '../state/deadlines.js'
import type { Member, Resetting } from '../state/member.js'
import { putMember, specOf, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/step.js'

/** How to reset a session. `onlyTurnId`: the only turn since priming, which can be rewound. `after`: the next step. */
export type PoolMemberReset = { onlyTurnId: string | undefined; after: Resetting['after']; at: number }

/** Resets a session to its ready state: by a rewind where that keeps the primed turn, otherwise completely. */
export function resetPoolMember(
  state: PoolState,
  member: Member,
  { onlyTurnId, after, at }: PoolMemberReset,
): PoolStep {
  const { prime, provider } = specOf(state, member)
  const rewinds =
    prime !== undefined && onlyTurnId !== undefined && state.providers.get(provider)?.rewind === true
  const command: SessionCommand = rewinds ? { type: 'rewind', turnId: onlyTurnId } : { type: 'reset' }
  const primes = prime !== undefined && !rewinds
  const phase = { status: 'resetting', after, primes, until: at + poolResetLimitMs } as const
  return [putMember(state, { ...member, phase }), { type: 'send', memberId: member.id, command }]
}
