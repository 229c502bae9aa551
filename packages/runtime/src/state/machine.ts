import { SubagentError } from '@subagent-mcp/contract'
import { addLoads, noLoad, type Load, type MachinePort } from '@subagent-mcp/core'
import type { Journal } from '@subagent-mcp/journal'
import { z } from 'zod'

/** The load of this machine: its free memory, and the agents that other owners of the journal publish there. */
export function journalMachine(journal: Journal, log: (line: string) => void): MachinePort {
  let published = JSON.stringify(noLoad)
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

/** Returns the load of the journal's other owners; none when the journal cannot be read, so that agents still start. */
function othersLoad(journal: Journal, log: (line: string) => void): Load {
  try {
    return journal.othersLoad().map(readLoad).reduce(addLoads, noLoad)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot see what other daemons run: ${error.message}`)
    return noLoad
  }
}

/** Publishes this runtime's load in the journal. After a failure, other owners count too little load until the next success. */
function tryPublish(journal: Journal, load: Load, log: (line: string) => void): void {
  try {
    journal.publish(load)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot tell other daemons what runs here: ${error.message}`)
  }
}

const OtherLoad = z.looseObject({ turns: z.record(z.string(), z.number()), processes: z.number() })

/** Parses another owner's load; one of another version's form counts as none. */
function readLoad(value: unknown): Load {
  return OtherLoad.safeParse(value).data ?? noLoad
}
