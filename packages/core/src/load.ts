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
export function fleetLoad({ open, limits, shared }: Fleet, now: number): Load {
  const turns: Record<string, number> = {}
  const sharing = new Set<string>()
  let processes = 0
  for (const agent of open.values()) {
    const { provider } = agent.route.current
    if (holdsTurn(agent, now, limits)) turns[provider] = (turns[provider] ?? 0) + 1
    if (!holdsProcess(agent)) continue
    if (shared.has(provider)) sharing.add(provider)
    else processes += 1
  }
  return { turns, processes: processes + sharing.size }
}

/** What runs on the machine, of this supervisor and of the others. */
export function machineLoad(fleet: Fleet, now: number): Load {
  return addLoads(fleetLoad(fleet, now), fleet.machine.others)
}

/** Why the machine has no room beside what runs, in words for a model; `undefined` when it has. */
export function lackOfRoom(fleet: Fleet, need: Need, { turns, processes }: Load): string | undefined {
  const { limits, machine } = fleet
  const running = Object.values(turns).reduce((sum, count) => sum + count, 0)
  const ofProvider = turns[need.provider] ?? 0
  if (running >= limits.maxTurns) return `${counted(running, 'turn')} (maxTurns ${limits.maxTurns})`
  if (ofProvider >= limits.maxTurnsPerProvider)
    return `${counted(ofProvider, `${need.provider} turn`)} (maxTurnsPerProvider ${limits.maxTurnsPerProvider})`
  if (!need.process || sharesRunning(fleet, need.provider)) return undefined
  if (processes >= limits.maxProcesses)
    return `${counted(processes, 'process', 'es')} (maxProcesses ${limits.maxProcesses})`
  if (machine.freeMemory < limits.memoryFloor) return lowMemory(machine.freeMemory, limits.memoryFloor)
  return undefined
}

function counted(count: number, what: string, plural = 's'): string {
  return count === 1 ? `1 ${what} runs` : `${count} ${what}${plural} run`
}

/** Whether a process of the agent may be there, or is about to be. */
export function holdsProcess({ phase }: Agent): boolean {
  return phase.status !== 'ended' && phase.status !== 'queued'
}

function holdsTurn({ phase, activity }: Agent, now: number, { quietAfter }: Limits): boolean {
  if (phase.status === 'opening' || phase.status === 'switching') return true
  return phase.status === 'working' && now - activity.visibleAt < quietAfter
}

function sharesRunning({ open, shared }: Fleet, provider: string): boolean {
  if (!shared.has(provider)) return false
  return open.some((agent) => agent.route.current.provider === provider && holdsProcess(agent))
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
