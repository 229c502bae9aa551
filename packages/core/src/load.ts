import type { Agent } from './agent.js'
import type { Fleet } from './fleet.js'
import type { Limits } from './limits.js'

/** What a supervisor has running: turns that stream, by provider, and processes of CLIs. */
export type Load = { turns: Readonly<Record<string, number>>; processes: number }

/** What the supervisor knows of the machine: free memory in bytes, and what other supervisors have running. */
export type Machine = { freeMemory: number; others: Load }

/** What agents wait for: a turn, or a process as well. */
export type Need = { provider: string; process: boolean }

/** Nothing runs. */
export const noLoad: Load = { turns: {}, processes: 0 }

/** What runs of the fleet at a moment. Quiet and finished sessions hold no turn. */
export function fleetLoad({ agents, limits, shared }: Fleet, now: number): Load {
  const turns: Record<string, number> = {}
  const sharing = new Set<string>()
  let processes = 0
  for (const agent of agents.values()) {
    const { provider } = agent.route.current
    if (holdsTurn(agent, now, limits)) turns[provider] = (turns[provider] ?? 0) + 1
    if (!holdsProcess(agent)) continue
    if (shared.has(provider)) sharing.add(provider)
    else processes += 1
  }
  return { turns, processes: processes + sharing.size }
}

/** Why the machine has no room, in words for a model; `undefined` when it has. */
export function lackOfRoom(fleet: Fleet, need: Need, now: number): string | undefined {
  const { limits, machine } = fleet
  const ours = fleetLoad(fleet, now)
  const { turns, processes } = addLoads(ours, machine.others)
  const running = Object.values(turns).reduce((sum, count) => sum + count, 0)
  const ofProvider = turns[need.provider] ?? 0
  if (running >= limits.maxTurns) return `${running} turns run (maxTurns ${limits.maxTurns})`
  if (ofProvider >= limits.maxTurnsPerProvider)
    return `${ofProvider} ${need.provider} turns run (maxTurnsPerProvider ${limits.maxTurnsPerProvider})`
  if (!need.process || sharesRunning(fleet, need.provider)) return undefined
  if (processes >= limits.maxProcesses)
    return `${processes} processes live (maxProcesses ${limits.maxProcesses})`
  if (machine.freeMemory < limits.memoryFloor) return lowMemory(machine.freeMemory, limits.memoryFloor)
  return undefined
}

/** Whether a process of the agent may be there, or is about to be. */
export function holdsProcess({ phase }: Agent): boolean {
  return phase.status !== 'ended' && phase.status !== 'queued'
}

function holdsTurn({ phase, activity }: Agent, now: number, { quietAfter }: Limits): boolean {
  if (phase.status === 'opening' || phase.status === 'switching') return true
  return phase.status === 'working' && now - activity.visibleAt < quietAfter
}

function sharesRunning({ agents, shared }: Fleet, provider: string): boolean {
  if (!shared.has(provider)) return false
  return agents.some((agent) => agent.route.current.provider === provider && holdsProcess(agent))
}

/** Both together. */
export function addLoads(one: Load, other: Load): Load {
  const turns = { ...one.turns }
  for (const [provider, count] of Object.entries(other.turns))
    turns[provider] = (turns[provider] ?? 0) + count
  return { turns, processes: one.processes + other.processes }
}

function lowMemory(free: number, floor: number): string {
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
  return `${megabytes(free)} MB of memory are free (freeMemoryMegabytes ${megabytes(floor)})`
}
