import type { WorkerEnd } from '@subagent-mcp/worker'
import { setTimeout as delay } from 'node:timers/promises'
import type { Stops } from '@subagent-mcp/daemon'
import { exitCode } from '../../exit.js'
import type { Terminal } from '../../terminal/terminal.js'
import { eventJson, eventText, type Tell } from '../../worker/tell-worker.js'
import { workHere } from '../../worker/work-here.js'
import { checkDrivers } from './check-drivers.js'
import type { WorkerCall } from './worker-call.js'

type Around = { terminal: Terminal; stops: Pick<Stops, 'first' | 'hurried'> }

/** Works until it is told to stop, then ends within seconds; told twice it ends at once. */
export async function runWorkerCall(
  { order, json }: WorkerCall,
  { terminal, stops }: Around,
): Promise<number> {
  checkDrivers(order, terminal)
  const { cwd, environment, now } = terminal
  const stop = new AbortController()
  void stops.first.then(() => {
    stop.abort()
  })
  const tell = teller(order, { json, terminal })
  const work = workHere({ order, place: { cwd, environment }, tell, now }, stop.signal)
  const late = stops.first.then(() => delay(longestEnd, exitCode.failed))
  const hurried = stops.hurried.then(() => exitCode.interrupted)
  // The clock's timers keep no process alive, and a daemon that was killed holds no connection.
  const alive = setInterval(() => undefined, longestEnd)
  try {
    return await Promise.race([work.then(codeOf), late, hurried])
  } finally {
    clearInterval(alive)
  }
}

/** The turn that runs has its grace, and its CLI the time to end. */
const longestEnd = 20_000

/** In their order, and nobody waits for it: a slow reader must not keep messages waiting. */
function teller(order: { name: string; replicas: number }, { json, terminal }: Voice): Tell {
  return (event) => {
    if (json) void terminal.stdout.print(eventJson(event))
    else void terminal.stderr.print(eventText(event, order))
  }
}

type Voice = { json: boolean; terminal: Terminal }

/** Of several replicas the worst. */
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
