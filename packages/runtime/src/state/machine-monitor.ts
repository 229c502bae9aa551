import {
  addSupervisorLoads,
  emptySupervisorLoad,
  type SupervisorLoad,
  type MachinePort,
} from '@subagent-mcp/core'
import type { Journal } from '@subagent-mcp/journal'
import { z } from 'zod'
import { runAndLogFailure } from '../log-failure.js'

/** Measures the free memory of this machine, and reads the load that other processes with the same journal publish in it. */
export function createMachineMonitor(journal: Journal, log: (line: string) => void): MachinePort {
  let published = JSON.stringify(emptySupervisorLoad)
  return {
    // In a container this number is the memory that the container has left.
    freeMemory: () => process.availableMemory(),
    others: () => othersLoad(journal, log),
    publish: (load) => {
      const text = JSON.stringify(load)
      if (text === published) return
      published = text
      // After a failure other processes see a load that is too low, until a publication succeeds.
      runAndLogFailure('cannot tell other daemons what runs here', () => journal.publish(load), log)
    },
  }
}

/** Returns the load of other processes with this journal. If the journal cannot be read, the load is empty, so that agents still start. */
function othersLoad(journal: Journal, log: (line: string) => void): SupervisorLoad {
  let loads: readonly SupervisorLoad[] = []
  runAndLogFailure(
    'cannot see what other daemons run',
    () => (loads = journal.othersLoad().map(readLoad)),
    log,
  )
  return loads.reduce(addSupervisorLoads, emptySupervisorLoad)
}

const OtherLoad = z.looseObject({ turns: z.record(z.string(), z.number()), processes: z.number() })

/** Parses a published load. A load that another version wrote in another form counts as empty. */
function readLoad(value: unknown): SupervisorLoad {
  return OtherLoad.safeParse(value).data ?? emptySupervisorLoad
}
