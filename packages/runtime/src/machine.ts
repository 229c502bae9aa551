import { SubagentError } from '@subagent-mcp/contract'
import { addLoads, noLoad, type Load, type MachinePort } from '@subagent-mcp/core'
import type { Journal } from '@subagent-mcp/journal'
import { z } from 'zod'

/** This machine: its free memory, and through the journal the load of other owners of it. */
export function machineOf(journal: Journal, log: (line: string) => void): MachinePort {
  let published = JSON.stringify(noLoad)
  return {
    measure: () => ({
      // Less than the machine's where a container has less.
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

/** A journal that cannot be read now counts for nothing: that must not keep anybody from working. */
function othersLoad(journal: Journal, log: (line: string) => void): Load {
  try {
    return journal.othersLoad().map(readLoad).reduce(addLoads, noLoad)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot see what other daemons run: ${error.message}`)
    return noLoad
  }
}

/** The caps of others count too little then, for a while. */
function tryPublish(journal: Journal, load: Load, log: (line: string) => void): void {
  try {
    journal.publish(load)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`cannot tell other daemons what runs here: ${error.message}`)
  }
}

const OtherLoad = z.looseObject({ turns: z.record(z.string(), z.number()), processes: z.number() })

/** Of another version perhaps: what cannot be read is not counted. */
function readLoad(value: unknown): Load {
  return OtherLoad.safeParse(value).data ?? noLoad
}
