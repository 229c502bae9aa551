/** The running turns of a supervisor, by provider, and the number of its CLI processes. */
export type SupervisorLoad = { turns: Readonly<Record<string, number>>; processes: number }

/** The machine as it was measured last: its free memory in bytes, and the load of the other supervisors on it. */
export type MachineState = { freeMemory: number; others: SupervisorLoad }

/** A load without turns and processes. */
export const emptySupervisorLoad: SupervisorLoad = { turns: {}, processes: 0 }

export function addSupervisorLoads(one: SupervisorLoad, other: SupervisorLoad): SupervisorLoad {
  const turns = { ...one.turns }
  for (const [provider, count] of Object.entries(other.turns))
    turns[provider] = (turns[provider] ?? 0) + count
  return { turns, processes: one.processes + other.processes }
}
