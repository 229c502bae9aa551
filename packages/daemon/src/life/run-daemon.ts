import { SubagentError, systemClock, once } from '@subagent-mcp/contract'
import { startDaemonServer, type DaemonServer } from '@subagent-mcp/daemon'
import { processPlace, settlesWithin, startTime } from '@subagent-mcp/driver-kit'
import { join } from 'node:path'
import { setImmediate as answersOut } from 'node:timers/promises'
import { openRuntime, type OpenRuntime } from '../open-runtime.js'
import { openFleet, type FleetKeeper } from '../fleet/open-fleet.js'
import { ownScript } from '../own-script.js'
import { daemonEnvironment } from './daemon-environment.js'
import { waitForTurn } from './daemon-turn.js'
import { openDaemonLog, openFileLog, type DaemonLog } from './daemon-log.js'
import { exitCode, exitWith } from '../exit.js'
import { homeFolder } from '../settings/home-folder.js'
import { untilIdle } from './idle-exit.js'
import { outlastDaemon } from './outlast-daemon.js'
import { programStamp } from './program-stamp.js'
import { logPath, socketPath } from './run-folder.js'
import { untilStopped, type Stop } from './stop-signals.js'
import { untilLost } from './until-lost.js'
import { version } from '../version.js'

/** How a daemon is run. */
export type DaemonOptions = {
  /** It writes into its log itself: stderr is somebody else's. */
  toFile: boolean
  /** Where another one serves it waits for its place, as a service's does. */
  stays: boolean
}

/**
 * How it ended. `replaced`: there is another release on the disk, which the system is to start as the service.
 * `restarted`: another daemon follows, and the system is to start the service again, which waits for its place then.
 */
export type DaemonRan = 'done' | 'replaced' | 'restarted'

/** A daemon, from its start to its end. Resolves when nothing of it is left but the process. */
export async function runDaemon(
  environment: NodeJS.ProcessEnv,
  { toFile, stays }: DaemonOptions,
): Promise<DaemonRan> {
  const path = socketPath(environment, version)
  const file = logPath(environment, version)
  const log = toFile ? openFileLog(file) : openDaemonLog(file)
  logCrashes(log)
  // It belongs to no terminal.
  process.on('SIGHUP', () => undefined)
  const ran = await (stays ? serveInTurn : serveNow)({ environment, path, log })
  log(`daemon ${process.pid} has ended${ran === 'replaced' ? ': another release has its place' : ''}`)
  return ran
}

/** Opens no runtime while another daemon serves: the open journal would look like a second daemon. */
async function serveInTurn(place: Place): Promise<DaemonRan> {
  const stamp = programStamp()
  const isReplaced = (): boolean => programStamp() !== stamp
  const onWait = once(() => {
    place.log(`daemon ${process.pid} waits for the end of the one that is at work, and takes its place then`)
  })
  for (;;) {
    if ((await outlastDaemon(place.path, onWait)) === 'stopped') return 'done'
    // What is not loaded yet cannot be any more, and the one that is to serve now may be on its way.
    if (isReplaced()) return 'replaced'
    const stop = await tryToServe(place)
    if (stop?.by === 'restart') return 'restarted'
    // An update ends it so, and starts a daemon of its own.
    if (stop) return stop.by === 'order' && isReplaced() ? 'replaced' : 'done'
  }
}

async function serveNow(place: Place): Promise<DaemonRan> {
  const stop = await tryToServe(place)
  if (!stop) place.log(`daemon ${process.pid} is not needed: another one is at work`)
  return 'done'
}

/** Serves until it is to end; `undefined` where another daemon is at work. */
async function tryToServe(place: Place): Promise<Stop | undefined> {
  const { environment, path, log } = place
  const runtime = openRuntime({ kind: 'daemon', environment, version, log })
  try {
    const onWait = (): void => {
      log(`daemon ${process.pid} waits for another one, which is stopping`)
    }
    const isOurs = await waitForTurn(runtime.journal, { socketPath: path, onWait })
    return isOurs ? await serve(runtime, place) : undefined
  } finally {
    await runtime.close()
  }
}

type Place = { environment: NodeJS.ProcessEnv; path: string; log: DaemonLog }

/** Listens once the agents of dead daemons are there: whoever waits for one of them must see it. */
async function serve(runtime: OpenRuntime, place: Place): Promise<Stop> {
  const { environment, path, log } = place
  await runtime.recover()
  const { daemon } = runtime.config
  if (runtime.configProblem !== undefined) log(`defaults are used: ${runtime.configProblem}`)
  const fleet = openOwnFleet(place)
  const stops = untilStopped()
  const server = await startDaemonServer(
    { ...runtime, version, fleet, connect: connectUnlessDraining(runtime), log, stop: stops.stop },
    {
      socketPath: path,
      ...(daemon.port !== undefined && { tcp: { port: daemon.port, tokenPath: tokenPath(environment) } }),
    },
  )
  log(`daemon ${process.pid} of version ${version} listens on ${path}`)
  fleet.begin()
  const quiet = untilIdle(
    { ...server, isBusy: () => runtime.isBusy() || fleet.isUp() },
    daemon.idleExitMinutes * 60_000,
    runtime.supervisor.clock,
  )
  const ground = untilLost({ trouble: runtime.journal.trouble, socketPath: path }, runtime.supervisor.clock)
  const stop = await Promise.race([stops.first, quiet.idle.then(() => idleStop), ground.lost])
  quiet.stop()
  ground.stop()
  log(`daemon ${process.pid} ends: ${stop.reason}`)
  await endServing(runtime, { server, fleet, stop, hurried: stops.hurried })
  return stop
}

const idleStop: Stop = { by: 'idleness', reason: 'it has had nothing to do for a while', drain: false }

/** While the daemon drains, a new host is refused before a byte: its shim waits for the daemon's end and starts the next. */
function connectUnlessDraining({ supervisor, connect }: OpenRuntime): OpenRuntime['connect'] {
  return (client) => {
    if (!client.terminal && supervisor.fleet().draining)
      throw new SubagentError('at-capacity', 'the daemon is stopping', { hint: 'connect again' })
    return connect(client)
  }
}

function openOwnFleet({ environment, log }: Place): FleetKeeper {
  return openFleet({
    ...{ home: homeFolder(environment), log, script: ownScript, clock: systemClock },
    environment: daemonEnvironment(environment),
    owner: { pid: process.pid, startTime: startTime(process.pid) ?? '-', place: processPlace(), version },
  })
}

type Serving = { server: DaemonServer; fleet: FleetKeeper; stop: Stop; hurried: Promise<unknown> }

/** Everybody but workers may look on until the last agent has ended. */
async function endServing(runtime: OpenRuntime, { server, fleet, stop, hurried }: Serving): Promise<void> {
  const fleetEnds = fleet.close()
  // Its workers leave by themselves.
  await settlesWithin(fleetEnds, farewellMs)
  // Before their agents end: who works on a message is told, and the message goes to the next who asks.
  await server.endAttendances()
  if (stop.drain) await Promise.race([runtime.drain(runtime.config.daemon.drainSeconds * 1000), hurried])
  // While the hosts are there: one that is to end with its host is interrupted now, and can be resumed.
  await runtime.endAgents()
  // Who waits for an agent hears how it ended.
  await answersOut()
  await fleetEnds
  await server.close()
}

const farewellMs = 2_000

/** The watchdog then ends what we started. */
function logCrashes(log: DaemonLog): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log(
        `daemon ${process.pid} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      exitWith(exitCode.failed)
    })
  }
}

function tokenPath(environment: NodeJS.ProcessEnv): string {
  return join(homeFolder(environment), 'token')
}
