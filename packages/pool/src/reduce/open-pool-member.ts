import { openProcessGeneration } from '../state/process-generations.js'
import type { PoolClaim, PoolMember } from '../state/pool-member.js'
import { storePoolMember, type KnownPoolSpec, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/pool-step.js'

export type OpenPoolMemberOptions = { key: string; poolSpec: KnownPoolSpec; claim: PoolClaim; at: number }

export function openPoolMember(
  before: PoolState,
  { key, poolSpec, claim, at }: OpenPoolMemberOptions,
): PoolStep {
  const { provider, spec } = poolSpec
  const state = openProcessGeneration(before, provider, at)
  const generation = state.generations.get(provider)?.number
  const id = state.lastMemberId + 1
  const member: PoolMember = {
    ...blank,
    id,
    key,
    generation,
    startedAt: at,
    phase: { status: 'opening', claims: [claim] },
  }
  const shared = generation === undefined ? spec : { ...spec, processKey: `pool-${generation}` }
  const spare = claim.type === 'stock' && ({ spare: true } as const)
  return [
    storePoolMember({ ...state, lastMemberId: id }, member),
    { type: 'open', memberId: id, provider, spec: shared, ...spare },
  ]
}

const blank = {
  pid: undefined,
  notes: undefined,
  identity: undefined,
  tasks: 0,
  memory: undefined,
  lastResetAt: undefined,
}
