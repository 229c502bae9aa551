import type { Agent, AgentProfile } from '../agent/agent.js'
import type { AgentsState } from '../state/agents-state.js'
import type { SupervisorLimits } from './supervisor-limits.js'
import { addSupervisorLoads, type SupervisorLoad } from './machine-state.js'

/** The resources that an agent needs to begin: a turn, maybe a process, and for a task a place within the `max` of its pool. */
export type NeededResources = {
  provider: string
  process: boolean
  task?: Pick<AgentProfile, 'pool' | 'project'>
}

/** The resource that is lacking, and a text about it for the model. */
export type MissingResource = { of: 'turn' | 'place' | 'process'; words: string }

/** The running turns and processes of a supervisor. Quiet and idle sessions count no turn. */
export function computeSupervisorLoad(
  { open, limits, shared, pool }: AgentsState,
  now: number,
): SupervisorLoad {
  const turns: Record<string, number> = {}
  const sharing = new Set<string>()
  let processes = 0
  for (const agent of open.values()) {
    const { provider } = agent.route.current
    if (holdsTurn(agent, now, limits)) turns[provider] = (turns[provider] ?? 0) + 1
    // The processes of tasks are counted by the pool.
    if (!hasAgentCliProcess(agent) || agent.profile.pool) continue
    if (shared.has(provider)) sharing.add(provider)
    else processes += 1
  }
  return { turns, processes: processes + sharing.size + pool.processes }
}

/** The load of this supervisor and of the others on the machine. */
export function computeMachineLoad(state: AgentsState, now: number): SupervisorLoad {
  return addSupervisorLoads(computeSupervisorLoad(state, now), state.machine.others)
}

/** Returns the room that the agent lacks to begin, or `undefined` if there is enough. */
export function findMissingResource(
  state: AgentsState,
  need: NeededResources,
  load: SupervisorLoad,
): MissingResource | undefined {
  const turn = missingTurnReason(state, need, load)
  if (turn !== undefined) return { of: 'turn', words: turn }
  const place = missingTaskPlaceReason(state, need)
  if (place !== undefined) return { of: 'place', words: place }
  if (!need.process || (!need.task && sharesRunning(state, need.provider))) return undefined
  const process = explainProcessStartRefusal(state, load)
  return process === undefined ? undefined : { of: 'process', words: process }
}

/** Returns why no further CLI process can be started, or `undefined`. */
export function explainProcessStartRefusal(
  { limits, machine }: AgentsState,
  { processes }: SupervisorLoad,
): string | undefined {
  if (processes >= limits.maxProcesses)
    return `${counted(processes, 'process', 'es')} (maxProcesses ${limits.maxProcesses})`
  if (machine.freeMemory < limits.memoryFloor) return lowMemory(machine.freeMemory, limits.memoryFloor)
  return undefined
}

function missingTurnReason(
  { limits }: AgentsState,
  { provider }: NeededResources,
  { turns }: SupervisorLoad,
): string | undefined {
  const running = Object.values(turns).reduce((sum, count) => sum + count, 0)
  const ofProvider = turns[provider] ?? 0
  if (running >= limits.maxTurns) return `${counted(running, 'turn')} (maxTurns ${limits.maxTurns})`
  if (ofProvider >= limits.maxTurnsPerProvider)
    return `${counted(ofProvider, `${provider} turn`)} (maxTurnsPerProvider ${limits.maxTurnsPerProvider})`
  return undefined
}

/** Returns why a task must wait for other tasks of its definition, or `undefined`. */
function missingTaskPlaceReason({ open }: AgentsState, { task }: NeededResources): string | undefined {
  const { pool, project } = task ?? {}
  if (!pool) return undefined
  const others = open.count(
    ({ profile, phase }) =>
      profile.pool?.agent === pool.agent && profile.project === project && hasAgentCliProcess({ phase }),
  )
  const run = others === 1 ? `task of ${pool.agent} runs` : `tasks of ${pool.agent} run`
  return others < pool.max ? undefined : `${others} ${run} (pool.max ${pool.max})`
}

function counted(count: number, what: string, plural = 's'): string {
  return count === 1 ? `1 ${what} runs` : `${count} ${what}${plural} run`
}

/** Whether the agent has a CLI process or is about to get one. */
export function hasAgentCliProcess({ phase }: Pick<Agent, 'phase'>): boolean {
  return phase.status !== 'ended' && phase.status !== 'queued'
}

function holdsTurn({ phase, activity }: Agent, now: number, { quietAfter }: SupervisorLimits): boolean {
  // During the check of a result its turn keeps its room, because the turn may have to repair the result.
  if (['opening', 'switching', 'checking'].includes(phase.status)) return true
  return phase.status === 'working' && now - activity.visibleAt < quietAfter
}

function sharesRunning({ open, shared }: AgentsState, provider: string): boolean {
  if (!shared.has(provider)) return false
  return open.some(
    (agent) => agent.route.current.provider === provider && hasAgentCliProcess(agent) && !agent.profile.pool,
  )
}

function lowMemory(free: number, floor: number): string {
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
  return `${megabytes(free)} MB of memory are free (freeMemoryMegabytes ${megabytes(floor)})`
}
