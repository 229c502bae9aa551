import { selectDefinedVariables, once, SubagentError } from '@subagent-mcp/contract'
import type { Journal } from '@subagent-mcp/journal'
import type { Runtime } from '@subagent-mcp/runtime'
import { setImmediate as answersOut } from 'node:timers/promises'
import { startDaemonServer, type DaemonServer } from '../server/start-daemon-server.js'
import type { PersistentWorkers } from '../workers/persistent-workers.js'
import { createDaemonEnvironment } from './daemon-environment.js'
import type { DaemonLog } from './daemon-log.js'
import { claimJournalForDaemon } from './claim-journal-for-daemon.js'
import { waitUntilIdle } from './wait-until-idle.js'
import { waitUntilNoDaemon } from './wait-until-no-daemon.js'
import { watchStopRequests, type DaemonStopRequest } from './stop-requests.js'
import { waitUntilFilesLost } from './wait-until-files-lost.js'

/** The parts of a daemon: paths, settings, and functions that open the runtime and the kept workers. */
export type DaemonOptions = {
  version: string
  socketPath: string
  /** The file with the token that TCP clients must send. */
  tokenPath: string
  log: DaemonLog
  pageFolder: string
  /** Opens the runtime. `hasWaited`: this process has waited for the end of another daemon, which may have changed the state since. */
  openRuntime(start: { hasWaited: boolean }): Promise<DaemonRuntime>
  /** Opens the list of the workers that daemons keep. */
  openKept(runtime: DaemonRuntime): PersistentWorkers
  /** Returns a text that identifies the program on disk. A changed text means that an update has replaced the program. */
  programStamp(): string
  /**
   * Whether this daemon waits for the end of one that already serves, as a system service does. Otherwise this daemon ends immediately.
   */
  stays: boolean
  /** Whether the daemon is embedded in another program, which handles signals itself and stops the daemon by a request. */
  isEmbedded?: boolean
}

/** A runtime in a state folder, with the settings of its daemon. */
export type DaemonRuntime = Runtime & {
  journal: Pick<Journal, 'claim' | 'trouble'>
  config: { daemon: { port?: number | undefined; idleExitMinutes: number; drainSeconds: number } }
  configProblem?: string
}

/**
 * The reason why a daemon ended. `replaced`: an update replaced the program on disk, and the system restarts the service.
 * `restarted`: another daemon starts, and the restarted service waits for the end of that daemon.
 */
export type DaemonEndReason = 'done' | 'replaced' | 'restarted'

/** Runs a daemon from its start to its end. Resolves when only its process is left. */
export async function runDaemon(parts: DaemonOptions): Promise<DaemonEndReason> {
  const { log, stays } = parts
  // The daemon ignores the end of the terminal in which it was started.
  process.on('SIGHUP', () => undefined)
  const ran = await (stays ? serveInTurn(parts) : serveNow(parts))
  log(`daemon ${process.pid} has ended${ran === 'replaced' ? ': another release has its place' : ''}`)
  return ran
}

/**
 * Waits until no other daemon serves, and then serves. Opens the runtime only then, because an open journal would look like a
 * second daemon.
 */
async function serveInTurn(parts: DaemonOptions): Promise<DaemonEndReason> {
  const { log, socketPath, programStamp } = parts
  const stamp = programStamp()
  const isReplaced = (): boolean => programStamp() !== stamp
  let hasWaited = false
  const onWait = once(() => {
    hasWaited = true
    log(`daemon ${process.pid} waits for the end of the one that is at work, and takes its place then`)
  })
  for (;;) {
    if ((await waitUntilNoDaemon(socketPath, onWait)) === 'stopped') return 'done'
    // An update has deleted modules that are not loaded yet, and the daemon of the new release may be starting.
    if (isReplaced()) return 'replaced'
    const stop = await tryToServe(parts, hasWaited)
    hasWaited = true
    if (stop?.by === 'restart') return 'restarted'
    // An update stops the running daemon and starts the next one itself.
    if (stop) return stop.by === 'request' && isReplaced() ? 'replaced' : 'done'
  }
}

async function serveNow(parts: DaemonOptions): Promise<DaemonEndReason> {
  const stop = await tryToServe(parts, false)
  if (!stop) parts.log(`daemon ${process.pid} is not needed: another one is at work`)
  return 'done'
}

/** Serves until the daemon is stopped. Returns `undefined` if another daemon serves. */
async function tryToServe(parts: DaemonOptions, hasWaited: boolean): Promise<DaemonStopRequest | undefined> {
  const { log, socketPath } = parts
  const runtime = await parts.openRuntime({ hasWaited })
  try {
    const onWait = (): void => {
      log(`daemon ${process.pid} waits for another one, which is stopping`)
    }
    const isOurs = await claimJournalForDaemon(runtime.journal, { socketPath, onWait })
    return isOurs ? await serve(runtime, parts) : undefined
  } finally {
    await runtime.close()
  }
}

/** Serves clients. The daemon listens only after the agents of dead daemons are recovered, because a client may wait for one of them. */
async function serve(runtime: DaemonRuntime, parts: DaemonOptions): Promise<DaemonStopRequest> {
  const { version, socketPath, log } = parts
  await runtime.recover()
  const { idleExitMinutes } = runtime.config.daemon
  if (runtime.configProblem !== undefined) log(`defaults are used: ${runtime.configProblem}`)
  const kept = parts.openKept(runtime)
  const stops = watchStopRequests(parts.isEmbedded ? [] : undefined)
  const server = await listen(runtime, { ...parts, kept, stop: stops.stop })
  log(`daemon ${process.pid} of version ${version} listens on ${socketPath}`)
  kept.begin()
  const { clock } = runtime.supervisor
  const isBusy = (): boolean => runtime.isBusy() || kept.isUp()
  const quiet = waitUntilIdle({ ...server, isBusy }, idleExitMinutes * 60_000, clock)
  const files = waitUntilFilesLost({ trouble: runtime.journal.trouble, socketPath }, clock)
  const stop = await Promise.race([stops.first, quiet.idle.then(() => idleStop), files.lost])
  quiet.stop()
  files.stop()
  log(`daemon ${process.pid} ends: ${stop.reason}`)
  await endServing(runtime, { server, kept, stop, hurried: stops.second })
  return stop
}

const idleStop: DaemonStopRequest = {
  by: 'idleness',
  reason: 'it has had nothing to do for a while',
  drain: false,
}

type Listening = Pick<DaemonOptions, 'version' | 'socketPath' | 'tokenPath' | 'log' | 'pageFolder'> & {
  kept: PersistentWorkers
  stop: (options: { drain: boolean; restarts: boolean }) => void
}

function listen(
  runtime: DaemonRuntime,
  { socketPath, tokenPath, ...port }: Listening,
): Promise<DaemonServer> {
  const { port: tcpPort } = runtime.config.daemon
  return startDaemonServer(
    { ...runtime, ...port, environment: environmentOfUrls(), connect: connectUnlessDraining(runtime) },
    { socketPath, ...(tcpPort !== undefined && { tcp: { port: tcpPort, tokenPath } }) },
  )
}

/**
 * The environment for agents of hosts that connect to a URL: the daemon's own, without keys and without the variables that mark a
 * process of an agent.
 */
function environmentOfUrls(): Record<string, string> {
  return selectDefinedVariables(createDaemonEnvironment(process.env))
}

/**
 * Connects a host. A draining daemon refuses the host before it has read anything, so that the host's shim waits and starts the
 * next daemon.
 */
function connectUnlessDraining({ supervisor, connect }: DaemonRuntime): DaemonRuntime['connect'] {
  return (client) => {
    if (!client.terminal && supervisor.state().draining)
      throw new SubagentError('at-capacity', 'the daemon is stopping', { hint: 'connect again' })
    return connect(client)
  }
}

type Serving = {
  server: DaemonServer
  kept: PersistentWorkers
  stop: DaemonStopRequest
  hurried: Promise<unknown>
}

/** Ends workers first and hosts last, so that hosts and clients can watch until the last agent has ended. */
async function endServing(runtime: DaemonRuntime, { server, kept, stop, hurried }: Serving): Promise<void> {
  // The next daemon starts the kept workers again.
  kept.letGo()
  // Workers end before the agents, so that they release their messages, which go to the next worker.
  await runtime.workers.close()
  if (stop.drain) await Promise.race([runtime.drain(runtime.config.daemon.drainSeconds * 1000), hurried])
  // Agents end while their hosts are still connected: an agent that its host's exit would kill is then only interrupted, and can
  // be resumed.
  await runtime.endAgents()
  // Open requests that wait for an agent are answered with the agent's end.
  await answersOut()
  await server.close()
}
