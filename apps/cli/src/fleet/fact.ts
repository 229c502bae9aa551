import type { FleetMember, RestartLimit, WorkerEntry, WorkerProcess } from './member.js'

/** A request to start, stop or take over the fleet. Times are Unix milliseconds. */
export type FleetOrder =
  /** `keys`: the names of the API keys in the environment that workers get from now on. */
  | {
      type: 'up-ordered'
      file: string
      entries: readonly WorkerEntry[]
      limit: RestartLimit
      keys: readonly string[]
    }
  | { type: 'down-ordered' }
  /** The daemon ends, and the next daemon will start the fleet again. */
  | { type: 'daemon-stopping' }
  /** A fleet of an earlier daemon was found. `isHere`: its pids belong to the pid namespace of this process. */
  | {
      type: 'fleet-found'
      file: string
      members: readonly FleetMember[]
      limit: RestartLimit
      keys: readonly string[]
      isHere: boolean
    }

/** An event in the life of a worker. */
export type WorkerFact =
  | { type: 'worker-started'; name: string; process: WorkerProcess; keys: string[]; at: number }
  | { type: 'start-failed'; name: string; error: string; at: number }
  | WorkerEnded
  | { type: 'pause-ended'; name: string; due: number }

/** The end of a worker. If another daemon started the worker, `code` is read from its exit file, if that exists. */
export type WorkerEnded = {
  type: 'worker-ended'
  name: string
  process: WorkerProcess
  code: number | undefined
  signal?: string
  /** The last line that the worker wrote to stderr; empty if it wrote none. */
  lastLine: string
  at: number
}

export type FleetFact = FleetOrder | WorkerFact

/** An action of the daemon on a worker. Each leads to a `WorkerFact` about the worker. */
export type FleetEffect =
  | { type: 'start'; entry: WorkerEntry }
  /** Watches a process that an earlier daemon started, and reports its end. */
  | { type: 'watch'; name: string; process: WorkerProcess }
  /** Sends SIGTERM, and after a time limit SIGKILL. */
  | { type: 'end'; name: string; process: WorkerProcess }
  | { type: 'pause'; name: string; due: number }
