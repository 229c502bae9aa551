import { endMember } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { memberRetiredFailure } from '../state/failures.js'
import { isIdle } from '../state/member.js'
import { specOf, type KnownPoolSpec, type PoolState } from '../state/pool-state.js'
import { stepForEach, type PoolStep } from '../state/step.js'

/** Adds a spec. The older spec on the same lane is replaced: its idle processes end, busy ones after their task. */
export function addPoolSpec(
  state: PoolState,
  { key, lane, poolSpec, at }: PoolFact & { type: 'spec-added' },
): PoolStep {
  const known: [string, KnownPoolSpec][] = [[key, { ...poolSpec, lane, replaced: false, addedAt: at }]]
  const others = [...state.specs]
    .filter(([other]) => other !== key)
    .map(([other, old]): [string, KnownPoolSpec] => [
      other,
      old.lane === lane ? { ...old, replaced: true } : old,
    ])
  const next = { ...state, specs: new Map(keepNeeded(state, [...others, ...known], at)) }
  const useless = [...next.members.values()].filter(
    (member) => isIdle(member) && specOf(next, member).replaced,
  )
  return stepForEach(next, useless, (before, member) =>
    endMember(before, member, { mode: 'graceful', why: memberRetiredFailure }),
  )
}

/** Drops specs without members after an hour: a waiting task may still use the key of a replaced spec. */
function keepNeeded(
  { members }: PoolState,
  specs: [string, KnownPoolSpec][],
  at: number,
): [string, KnownPoolSpec][] {
  const used = new Set([...members.values()].map(({ key }) => key))
  return specs.filter(([key, { addedAt }]) => used.has(key) || at - addedAt < keptUnusedMs)
}

const keptUnusedMs = 3_600_000
