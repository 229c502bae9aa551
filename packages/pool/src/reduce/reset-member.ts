import type { SessionCommand } from '@subagent-mcp/contract'
import { resetMs } from '../state/deadlines.js'
import type { Member, Resetting } from '../state/member.js'
import { putMember, specOf, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/step.js'

/** What a session is to forget: `only` is its one turn, when nothing else was told to it. */
export type ResetOptions = { onlyTurnId: string | undefined; after: Resetting['after']; at: number }

/** Tells a session to forget what came after it was ready: by rewinding, if that keeps what it was primed with. */
export function resetMember(
  state: PoolState,
  member: Member,
  { onlyTurnId, after, at }: ResetOptions,
): PoolStep {
  const { prime, provider } = specOf(state, member)
  const rewinds =
    prime !== undefined && onlyTurnId !== undefined && state.providers.get(provider)?.rewind === true
  const command: SessionCommand = rewinds ? { type: 'rewind', turnId: onlyTurnId } : { type: 'reset' }
  const primes = prime !== undefined && !rewinds
  const phase = { status: 'resetting', after, primes, until: at + resetMs } as const
  return [putMember(state, { ...member, phase }), { type: 'send', memberId: member.id, command }]
}
