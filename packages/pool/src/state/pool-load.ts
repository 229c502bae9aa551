import type { PoolLoad } from '@subagent-mcp/contract'
import { findJoinableGeneration } from './process-generations.js'
import type { PoolMember } from './pool-member.js'
import { getMemberPoolSpec, type PoolState } from './pool-state.js'

export function computePoolLoad(state: PoolState): PoolLoad {
  const members = [...state.members.values()]
  const joined = members.filter((member) => findJoinableGeneration(state, member) !== undefined)
  return {
    idle: countByKey(members, 'idle'),
    resetting: countByKey(members, 'resetting'),
    processes: new Set(members.map((member) => processOf(state, member))).size,
    joinable: [...new Set(joined.map((member) => getMemberPoolSpec(state, member).provider))],
    retirable: listLongestIdleMembers(state).length > 0,
    ending: members.filter(({ phase }) => phase.status === 'closing').length,
  }
}

function countByKey(members: readonly PoolMember[], status: 'idle' | 'resetting'): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { key, phase } of members) if (phase.status === status) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

/** The members to end in order to free a process: those of the process that has been idle longest. */
export function listLongestIdleMembers(state: PoolState): PoolMember[] {
  const lastUse = (members: readonly PoolMember[]): number =>
    Math.max(...members.map(({ phase }) => (phase.status === 'idle' ? phase.since : Infinity)))
  const [first] = byProcess(state)
    .filter((members) => lastUse(members) < Infinity)
    // Processes of one member first, because fewer warm sessions are lost.
    .sort((one, other) => Number(one.length > 1) - Number(other.length > 1) || lastUse(one) - lastUse(other))
  return first ?? []
}

function byProcess(state: PoolState): PoolMember[][] {
  const groups = new Map<string, PoolMember[]>()
  for (const member of state.members.values()) {
    const process = processOf(state, member)
    groups.set(process, [...(groups.get(process) ?? []), member])
  }
  return [...groups.values()]
}

/** Identifies a pool member's process. A member that opens in a shared process has the pid of the others in it. */
function processOf(state: PoolState, { id, key, pid, generation }: PoolMember): string {
  if (generation === undefined) return pid === undefined ? `member ${id}` : `pid ${pid}`
  const provider = state.specs.get(key)?.provider ?? ''
  const known = pid ?? pidOfGeneration(state, provider, generation)
  return known === undefined ? `${provider} ${generation}` : `pid ${known}`
}

function pidOfGeneration(state: PoolState, provider: string, number: number): number | undefined {
  const members = [...state.members.values()]
  return members.find(
    ({ key, pid, generation }) =>
      pid !== undefined && generation === number && state.specs.get(key)?.provider === provider,
  )?.pid
}

export function isSamePoolLoad(one: PoolLoad, other: PoolLoad): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
