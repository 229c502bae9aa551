import type { FleetMember, RestartLimit, WorkerEntry, WorkerProcess } from './member.js'

/** What was ordered of a fleet; times are Unix milliseconds. */
export type FleetOrder =
  /** `keys`: the names of those in the environment that workers start in from now on. */
  | {
      type: 'up-ordered'
      file: string
      entries: readonly WorkerEntry[]
      limit: RestartLimit
      keys: readonly string[]
    }
  | { type: 'down-ordered' }
  /** The daemon ends, and the fleet is to be up with the next one. */
  | { type: 'daemon-stopping' }
  /** An earlier daemon left it; `isHere` says whether its pids are ones of this place. */
  | {
      type: 'fleet-found'
      file: string
      members: readonly FleetMember[]
      limit: RestartLimit
      keys: readonly string[]
      isHere: boolean
    }

/** What became of a worker. */
export type WorkerFact =
  | { type: 'worker-started'; name: string; process: WorkerProcess; keys: string[]; at: number }
  | { type: 'start-failed'; name: string; error: string; at: number }
  | WorkerEnded
  | { type: 'pause-ended'; name: string; due: number }

/** Of one that was not our child the code is what it left, if anything. */
export type WorkerEnded = {
  type: 'worker-ended'
  name: string
  process: WorkerProcess
  code: number | undefined
  signal?: string
  /** The last line that it wrote to stderr; empty for none. */
  lastLine: string
  at: number
}

export type FleetFact = FleetOrder | WorkerFact

/** What is to be done. Each leads to a `WorkerFact` about the worker. */
export type FleetEffect =
  | { type: 'start'; entry: WorkerEntry }
  /** An earlier daemon started it: whether it runs still, and when it ends. */
  | { type: 'watch'; name: string; process: WorkerProcess }
  /** In order, and if it does not, by force. */
  | { type: 'end'; name: string; process: WorkerProcess }
  | { type: 'pause'; name: string; due: number }
