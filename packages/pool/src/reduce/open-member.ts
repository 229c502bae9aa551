import { withGeneration } from '../state/generations.js'
import type { Claim, Member } from '../state/member.js'
import { put, type KnownRecipe, type PoolState } from '../state/pool-state.js'
import type { Step } from '../state/step.js'

/** What a member is opened by, and for whom. */
export type Order = { key: string; recipe: KnownRecipe; claim: Claim; at: number }

/** Opens one more member. */
export function openMember(before: PoolState, { key, recipe, claim, at }: Order): Step {
  const { provider, spec } = recipe
  const state = withGeneration(before, provider, at)
  const generation = state.generations.get(provider)?.number
  const id = state.born + 1
  const member: Member = {
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
    put({ ...state, born: id }, member),
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
