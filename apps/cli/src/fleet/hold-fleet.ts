import type { Clock } from '@subagent-mcp/contract'
import type { FleetFact } from './fact.js'
import { fleetFolder, recordPath, writeRecord, type FleetOwner } from './fleet-record.js'
import { keyNames } from './key-names.js'
import { membersOf, reduceFleet, type FleetState } from './reduce-fleet.js'
import { runFleet } from './run-fleet.js'

/** What a fleet is run with. */
export type FleetParts = {
  /** The folder in which everything of ours is kept. */
  home: string
  /** Of the daemon: what workers run in where nobody gave them theirs. */
  environment: NodeJS.ProcessEnv
  /** What node runs for each worker. */
  script: string
  owner: FleetOwner
  clock: Clock
  log: (line: string) => void
  /** How long a worker may take to end by itself, in milliseconds. */
  graceMs?: number
}

/** The state of a fleet: what is dispatched is kept in the record, and what is to be done is done. */
export type FleetHolder = {
  fleet(): FleetState
  dispatch(fact: FleetFact): void
  /** Workers that start from now on run in it; without one, in the daemon's own. Returns the names of its keys. */
  setEnvironment(environment?: NodeJS.ProcessEnv): readonly string[]
  /** From now on what is told to end has less time: the daemon ends, and with it what workers work with. */
  hurry(): void
  /** Resolves once that is so, or when a worker has had the time that it may take to end. */
  until(isSo: (fleet: FleetState) => boolean): Promise<void>
  /** Looks after the processes no more. */
  letGo(): void
}

/** Longer than a worker takes, which lets its turn end. */
const usualGraceMs = 25_000
const hurriedGraceMs = 6_000

/** How long the kernel may take to carry out a KILL, and we to see it. */
const killMs = 2_500

/** Holds one that is down. */
export function holdFleet(parts: FleetParts): FleetHolder {
  const { home, clock } = parts
  let graceMs = parts.graceMs ?? usualGraceMs
  let fleet: FleetState = { status: 'down' }
  let environment = parts.environment
  const waiting = new Set<() => void>()
  const dispatch = (fact: FleetFact): void => {
    const [next, ...effects] = reduceFleet(fleet, fact)
    fleet = next
    keep(parts, fleet)
    tell(fact, fleet, parts.log)
    for (const effect of effects) processes.run(effect)
    for (const check of waiting) check()
  }
  const environmentOf = (): NodeJS.ProcessEnv => ({
    ...environment,
    // A relative one means something else in a worker's folder.
    ...(environment['SUBAGENT_MCP_HOME'] && { SUBAGENT_MCP_HOME: home }),
  })
  const processes = runFleet({
    ...{ ...parts, folder: fleetFolder(home), environmentOf, dispatch },
    graceOf: () => graceMs,
  })
  return {
    fleet: () => fleet,
    dispatch,
    setEnvironment: (given = parts.environment) => {
      environment = given
      return keyNames(environmentOf())
    },
    hurry: () => {
      graceMs = Math.min(graceMs, hurriedGraceMs)
    },
    until: (isSo) =>
      new Promise((resolve) => {
        const end = (): void => {
          waiting.delete(check)
          cancel()
          resolve()
        }
        const check = (): void => {
          if (isSo(fleet)) end()
        }
        const cancel = clock.after(graceMs + killMs, end)
        waiting.add(check)
        check()
      }),
    letGo: processes.letGo,
  }
}

function keep({ home, owner, log }: FleetParts, fleet: FleetState): void {
  try {
    writeRecord(recordPath(home), fleet, owner)
  } catch (error) {
    log(`fleet: the next daemon will not know of it: ${String(error)}`)
  }
}

/** What somebody who looks for a worker in the daemon's log should find there. */
function tell(fact: FleetFact, fleet: FleetState, log: FleetParts['log']): void {
  if (fact.type !== 'worker-started' && fact.type !== 'worker-ended' && fact.type !== 'start-failed') return
  const member = membersOf(fleet).find(({ entry }) => entry.name === fact.name)
  if (!member) return
  const { status } = member.life
  const why = status === 'restarting' || status === 'given-up' ? `: ${member.lastError ?? ''}` : ''
  log(`worker ${fact.name} is ${status}${why}`)
}
