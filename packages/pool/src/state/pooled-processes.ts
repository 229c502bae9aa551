import type { PooledProcess } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import type { PoolMember } from './pool-member.js'
import { getMemberPoolSpec, type PoolState } from './pool-state.js'

export function createPooledProcessView(state: PoolState, member: PoolMember): PooledProcess {
  const { agent, project, provider } = getMemberPoolSpec(state, member)
  const { key, pid, startedAt, tasks, memory, lastResetAt } = member
  return {
    ...{ key, agent, project, provider, status: statuses[member.phase.status], startedAt, tasks },
    ...omitUndefined({ pid, memory, lastResetAt }),
  }
}

const statuses = {
  opening: 'starting',
  priming: 'starting',
  caching: 'starting',
  idle: 'warm',
  leased: 'working',
  resetting: 'resetting',
  closing: 'ending',
} as const

export type PooledProcessFilter = Partial<Pick<PooledProcess, 'key' | 'agent' | 'project'>>

/** The pool's processes, with their current memory where it can be measured. */
export function listPooledProcesses(
  state: PoolState,
  memoryOf: (pid: number) => number | undefined,
  { key, agent, project }: PooledProcessFilter = {},
): PooledProcess[] {
  const isWanted = (process: PooledProcess): boolean =>
    (key ?? process.key) === process.key &&
    (agent ?? process.agent) === process.agent &&
    (project ?? process.project) === process.project
  const views = [...state.members.values()].map((member) => createPooledProcessView(state, member))
  return views.filter(isWanted).map((process) => {
    const memory = process.pid === undefined ? undefined : memoryOf(process.pid)
    return memory === undefined ? process : { ...process, memory }
  })
}
