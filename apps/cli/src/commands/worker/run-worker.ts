import type { WorkerLogLine } from '@subagent-mcp/api'
import type { DaemonWorkerEnd } from '@subagent-mcp/client'
import { SubagentError, systemClock, selectDefinedVariables } from '@subagent-mcp/contract'
import type { DaemonStopRequests } from '@subagent-mcp/daemon'
import { sleepUntilAborted, computeWorkerRetryDelayMs } from '@subagent-mcp/worker'
import { setTimeout as delay } from 'node:timers/promises'
import { connectRunningDaemon, connectLastingDaemon } from '../../daemon/connect-or-start-daemon.js'
import { exitCode } from '../../exit.js'
import { formatClockTime } from '../../terminal/format.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cutSafeLine, formatSafeJson, escapeForTerminal } from '../../terminal/text.js'
import type { NamedWorkerSettings } from './worker-args.js'

type WorkerRun = { settings: NamedWorkerSettings; once: boolean; json: boolean }
type Surroundings = { terminal: Terminal; stops: Pick<DaemonStopRequests, 'first' | 'second'> }

/**
 * Runs a worker at the daemon, and at the next one when the daemon ends. Stops it at the first stop signal, and exits within 20 s; a
 * second signal ends it immediately.
 */
export async function runWorkerHere(run: WorkerRun, { terminal, stops }: Surroundings): Promise<number> {
  const stop = new AbortController()
  const leave = new AbortController()
  void stops.first.then(() => {
    stop.abort()
  })
  const work = followWorker(run, terminal, { stop: stop.signal, leave: leave.signal })
  const late = stops.first.then(() => delay(longestEnd, exitCode.failed))
  const hurried = stops.second.then(() => exitCode.interrupted)
  // Keeps the process alive: neither the timers of the clock nor a connection to a daemon that was killed do.
  const alive = setInterval(() => undefined, longestEnd)
  try {
    return await Promise.race([work, late, hurried])
  } finally {
    clearInterval(alive)
    leave.abort()
  }
}

/** Milliseconds that a stopped worker may take to end its running turn and its CLI. */
const longestEnd = 20_000

type Signals = { stop: AbortSignal; leave: AbortSignal }

async function followWorker(run: WorkerRun, terminal: Terminal, signals: Signals): Promise<number> {
  const print = printerOf(run, terminal)
  const isOver = (): boolean => signals.stop.aborted
  for (let failures = 1; ; failures += 1) {
    try {
      return codeOf(await runOnce(run, terminal, { ...signals, print, onEvent: () => (failures = 0) }))
    } catch (error) {
      // A worker whose daemon has ended has ended, too.
      if (isOver()) return exitCode.done
      // The daemon has ended or is ending, so the worker can run at the next one.
      if (!(error instanceof SubagentError) || !['daemon-unreachable', 'at-capacity'].includes(error.code))
        throw error
      const problem = cutSafeLine(error.message, 300)
      const at = terminal.now()
      const text = `unreachable error=${formatSafeJson(problem)}`
      print({ at, replica: 1, text, event: { at, type: 'unreachable', problem } })
      await sleepUntilAborted(computeWorkerRetryDelayMs(Math.max(1, failures)), {
        clock: systemClock,
        signal: signals.stop,
      })
      if (isOver()) return exitCode.done
    }
  }
}

type Watching = Signals & { print: (news: WorkerLogLine) => void; onEvent: () => void }

/** Runs the worker at the present daemon, which is started if none runs. Resolves with the end of each replica. */
async function runOnce(
  { settings, once }: WorkerRun,
  { environment, cwd }: Terminal,
  { stop, leave, print, onEvent }: Watching,
): Promise<DaemonWorkerEnd> {
  const client = await connectLastingDaemon(environment)
  if (stop.aborted) return []
  const over = new AbortController()
  const requestStop = (): void => {
    void stopUntilOver(settings.name, environment, over.signal)
  }
  stop.addEventListener('abort', requestStop)
  try {
    const events = client.runWorker(
      {
        ...settings,
        ...{ once, folder: cwd, environment: selectDefinedVariables(environment), pid: process.pid },
      },
      leave,
    )
    for (;;) {
      const next = await events.next()
      if (next.done === true) return next.value
      onEvent()
      print(next.value)
    }
  } finally {
    stop.removeEventListener('abort', requestStop)
    over.abort()
  }
}

/**
 * Stops a worker, and tries again every second until its events have ended, because a worker that is about to start cannot be stopped yet.
 * Without a daemon the worker has ended.
 */
async function stopUntilOver(name: string, environment: NodeJS.ProcessEnv, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await connectRunningDaemon(environment)
      .then((found) => found?.stopWorker(name))
      .catch(() => undefined)
    await delay(1_000, undefined, { signal: over }).catch(() => undefined)
  }
}

/** Returns a function that prints a worker's events without waiting for the reader, so that a slow reader does not delay it. */
function printerOf({ settings, json }: WorkerRun, { stdout, stderr }: Terminal): Watching['print'] {
  const { name, replicas = 1 } = settings
  return ({ at, replica, text, event }) => {
    const who = replicas > 1 ? `${name}#${replica}` : name
    if (json) void stdout.print(`${formatSafeJson({ ...event, replica })}\n`)
    else void stderr.print(`${formatClockTime(at)} ${who}: ${escapeForTerminal(text)}\n`)
  }
}

/** Returns the exit code of a worker with replicas: the first of `inOrder` that a replica has. */
function codeOf(ends: DaemonWorkerEnd): number {
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
