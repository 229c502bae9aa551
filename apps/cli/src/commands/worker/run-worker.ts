import type { WorkerEnd } from '@subagent-mcp/worker'
import { setTimeout as delay } from 'node:timers/promises'
import type { DaemonStopRequests } from '@subagent-mcp/daemon'
import { exitCode } from '../../exit.js'
import type { Terminal } from '../../terminal/terminal.js'
import { eventJson, eventText, type ReportWorkerEvent } from '../../worker/tell-worker.js'
import { workHere } from '../../worker/work-here.js'
import type { WorkerOrder } from '../../worker/worker-order.js'

type Surroundings = { terminal: Terminal; stops: Pick<DaemonStopRequests, 'first' | 'second'> }

/** Runs a worker until the first stop signal, then ends within 20 s; a second signal ends it immediately. */
export async function runWorkerHere(
  order: WorkerOrder,
  json: boolean,
  { terminal, stops }: Surroundings,
): Promise<number> {
  const { cwd, environment, now } = terminal
  const stop = new AbortController()
  void stops.first.then(() => {
    stop.abort()
  })
  const tell = eventPrinter(order, json, terminal)
  const work = workHere({ order, place: { cwd, environment }, tell, now }, stop.signal)
  const late = stops.first.then(() => delay(longestEnd, exitCode.failed))
  const hurried = stops.second.then(() => exitCode.interrupted)
  // Keeps the process alive: neither the timers of the clock nor a connection to a daemon that was killed do.
  const alive = setInterval(() => undefined, longestEnd)
  try {
    return await Promise.race([work.then(codeOf), late, hurried])
  } finally {
    clearInterval(alive)
  }
}

/** Milliseconds that a stopped worker may take to end its running turn and its CLI. */
const longestEnd = 20_000

/** Returns a function that prints a worker's events without waiting for the reader, so that a slow reader does not delay messages. */
function eventPrinter(order: WorkerOrder, json: boolean, { stdout, stderr }: Terminal): ReportWorkerEvent {
  return (event) => {
    if (json) void stdout.print(eventJson(event))
    else void stderr.print(eventText(event, order))
  }
}

/** Returns the exit code of a worker with replicas: the first of `inOrder` that a replica has. */
function codeOf(ends: readonly WorkerEnd[]): number {
  const codes = ends.map((end) => (end.type === 'once' ? onceCodes[end.result] : endCodes[end.type]))
  return inOrder.find((code) => codes.includes(code)) ?? exitCode.done
}

const onceCodes = {
  handled: exitCode.done,
  nothing: exitCode.timedOut,
  failed: exitCode.agentFailed,
  lost: exitCode.agentFailed,
} as const
const endCodes = {
  stopped: exitCode.done,
  resting: exitCode.failed,
  blocked: exitCode.agentFailed,
} as const

const inOrder = [exitCode.failed, exitCode.agentFailed, exitCode.done, exitCode.timedOut]
