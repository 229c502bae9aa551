import type { Clock } from '@subagent-mcp/contract'
import type { FleetFact } from './fact.js'
import { fleetFolder, recordPath, writeRecord, type FleetOwner } from './fleet-record.js'
import { keyNames } from './key-names.js'
import { membersOf, reduceFleet, type FleetState } from './reduce-fleet.js'
import { runFleet } from './run-fleet.js'

/** The paths, environment and settings with which a fleet runs. */
export type FleetParts = {
  /** The state folder of subagent-mcp. */
  home: string
  /** The daemon's environment. Workers get it if `fleet up` gave them no other one. */
  environment: NodeJS.ProcessEnv
  /** The script that Node runs for each worker. */
  script: string
  owner: FleetOwner
  clock: Clock
  log: (line: string) => void
  /** The milliseconds that a worker may take to end after SIGTERM. */
  graceMs?: number
}

/** The running state of a fleet. Each dispatched fact is applied, the record is written, and the resulting actions are run. */
export type FleetHolder = {
  fleet(): FleetState
  dispatch(fact: FleetFact): void
  /** Sets the environment of workers that start from now on. Default: the daemon's. Returns the names of its API keys. */
  setEnvironment(environment?: NodeJS.ProcessEnv): readonly string[]
  /** Shortens the time that workers have to end, because the daemon, on which they depend, is ending. */
  hurry(): void
  /** Resolves when the condition is true, or when the time is over that a worker may take to end. */
  until(isSo: (fleet: FleetState) => boolean): Promise<void>
  /** Stops watching the processes, which keep running. */
  letGo(): void
}

/** The default time that a worker has to end, in milliseconds. It is longer than a worker needs to end its running turn. */
const usualGraceMs = 25_000
const hurriedGraceMs = 6_000

/** The milliseconds from a SIGKILL until the end of the process is noticed. */
const killMs = 2_500

/** Creates the holder of a stopped fleet. */
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
    // A relative path would be resolved from the worker's folder.
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
    log(`fleet: the record cannot be written, so the next daemon will not start the fleet: ${String(error)}`)
  }
}

/** Writes the starts and ends of workers to the daemon's log. */
function tell(fact: FleetFact, fleet: FleetState, log: FleetParts['log']): void {
  if (fact.type !== 'worker-started' && fact.type !== 'worker-ended' && fact.type !== 'start-failed') return
  const member = membersOf(fleet).find(({ entry }) => entry.name === fact.name)
  if (!member) return
  const { status } = member.life
  const why = status === 'restarting' || status === 'given-up' ? `: ${member.lastError ?? ''}` : ''
  log(`worker ${fact.name} is ${status}${why}`)
}
