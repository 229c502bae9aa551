import { leaseOf, type Member } from './member.js'
import { recipeOf, type PoolState } from './pool-state.js'

/**
 * What a pool holds of the machine: by key members that are ready, and those that will be as soon as they have forgotten;
 * processes that no lease has; and members that end, as what those free may be all that is needed.
 */
export type PoolLoad = {
  idle: Readonly<Record<string, number>>
  resetting: Readonly<Record<string, number>>
  processes: number
  ending: number
}

/** The load of a pool. */
export function poolLoad(state: PoolState): PoolLoad {
  const [idle, resetting]: [Counts, Counts] = [{}, {}]
  const [all, leased] = [new Set<string>(), new Set<string>()]
  let ending = 0
  for (const member of state.members.values()) {
    const { key, phase } = member
    const process = processOf(state, member)
    all.add(process)
    if (phase.status === 'closing') ending += 1
    if (phase.status === 'idle') idle[key] = (idle[key] ?? 0) + 1
    if (phase.status === 'resetting') resetting[key] = (resetting[key] ?? 0) + 1
    if (leaseOf(member) !== undefined) leased.add(process)
  }
  return { idle, resetting, processes: all.size - leased.size, ending }
}

type Counts = Record<string, number>

/** The members that a pool can end at once to free a process, of the one that was used longest ago. */
export function longestIdle(state: PoolState): Member[] {
  const lastUse = (members: readonly Member[]): number =>
    Math.max(...members.map(({ phase }) => (phase.status === 'idle' ? phase.since : Infinity)))
  const [first] = byProcess(state)
    .filter((members) => lastUse(members) < Infinity)
    // A process of one member first: with the others more warm sessions are lost for it.
    .sort((one, other) => Number(one.length > 1) - Number(other.length > 1) || lastUse(one) - lastUse(other))
  return first ?? []
}

function byProcess(state: PoolState): Member[][] {
  const groups = new Map<string, Member[]>()
  for (const member of state.members.values()) {
    const process = processOf(state, member)
    groups.set(process, [...(groups.get(process) ?? []), member])
  }
  return [...groups.values()]
}

/** Names the process that a member is in. One that opens in a shared process has no pid yet. */
function processOf(state: PoolState, member: Member): string {
  const { id, pid, generation } = member
  if (pid !== undefined) return `pid ${pid}`
  return generation === undefined ? `member ${id}` : `${recipeOf(state, member).provider} ${generation}`
}

/** Whether two loads are the same. */
export function isSameLoad(one: PoolLoad, other: PoolLoad): boolean {
  const isSame = one.processes === other.processes && one.ending === other.ending
  return isSame && areSame(one.idle, other.idle) && areSame(one.resetting, other.resetting)
}

function areSame(one: PoolLoad['idle'], other: PoolLoad['idle']): boolean {
  return Object.keys({ ...one, ...other }).every((key) => one[key] === other[key])
}
