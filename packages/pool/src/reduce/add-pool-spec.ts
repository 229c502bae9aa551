import { endMember } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { memberRetired } from '../state/failures.js'
import { isIdle } from '../state/member.js'
import { specOf, type KnownPoolSpec, type PoolState } from '../state/pool-state.js'
import { stepForEach, type PoolStep } from '../state/step.js'

/** A pool spec holds from now on. The one before it on its lane is replaced: what it has made ends with its task. */
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
    endMember(before, member, { mode: 'graceful', why: memberRetired }),
  )
}

/**
 * Those without members go after a while, and the environment of their callers with them. Not at once: a task that waits
 * for its turn still has the key of what was replaced meanwhile.
 */
function keepNeeded(
  { members }: PoolState,
  specs: [string, KnownPoolSpec][],
  at: number,
): [string, KnownPoolSpec][] {
  const used = new Set([...members.values()].map(({ key }) => key))
  return specs.filter(([key, { addedAt }]) => used.has(key) || at - addedAt < keptUnusedMs)
}

const keptUnusedMs = 3_600_000
