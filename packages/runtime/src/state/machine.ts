import { SubagentError } from '@subagent-mcp/contract'
import { addLoads, emptyLoad, type SupervisorLoad, type MachinePort } from '@subagent-mcp/core'
import type { Journal } from '@subagent-mcp/journal'
import { z } from 'zod'

/** The load of this machine: its free memory, and the agents that other owners of the journal publish there. */
export function journalMachine(journal: Journal, log: (line: string) => void): MachinePort {
  let published = JSON.stringify(emptyLoad)
  return {
    measure: () => ({
      // In a container this is the memory that the container has left.
      freeMemory: process.availableMemory(),
      others: othersLoad(journal, log),
    }),
    publish: (load) => {
      const text = JSON.stringify(load)
      if (text === published) return
      published = text
      tryPublish(journal, load, log)
    },
  }
}

/** A journal that cannot be read counts as no load, so that agents still start. */
function othersLoad(journal: Journal, log: (line: string) => void): SupervisorLoad {
  try {
    return journal.othersLoad().map(readLoad).reduce(addLoads, emptyLoad)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot see what other daemons run: ${error.message}`)
    return emptyLoad
  }
}

/** Until the next success, other owners count too little load. */
function tryPublish(journal: Journal, load: SupervisorLoad, log: (line: string) => void): void {
  try {
    journal.publish(load)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot tell other daemons what runs here: ${error.message}`)
  }
}

const OtherLoad = z.looseObject({ turns: z.record(z.string(), z.number()), processes: z.number() })

/** A load in the form of another version counts as none. */
function readLoad(value: unknown): SupervisorLoad {
  return OtherLoad.safeParse(value).data ?? emptyLoad
}
