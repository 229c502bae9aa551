import {
  systemClock,
  type Abilities,
  type Clock,
  type Driver,
  type ModelList,
  type Probe,
  type SessionSpec,
} from '@subagent-mcp/contract'
import {
  childEnvironment,
  createSharedProcesses,
  depthVariables,
  fileStamp,
  locate,
  mailboxVariable,
  sharingKey,
  type Lease,
  watchdogFor,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { startAppServer, type AppServer, type Launch } from './app-server.js'
import { effortChoice } from './choose-model.js'
import { notInstalled, notSignedIn } from './classify.js'
import { nativeExecutable } from './native-executable.js'
import { openSession } from './open-session.js'
import { probe } from './probe.js'
import { isSurelySignedOut } from './sign-in.js'

/** What a driver for Codex needs. */
export type CodexDriverOptions = {
  /** Kills the CLI's processes when this process dies. Default: one of the driver's own, ended by `close`. */
  watchdog?: Watchdog
  clock?: Clock
  /** How long the CLI may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for all sessions that share an environment, a depth, a ceiling and a key. */
export function createCodexDriver(options: CodexDriverOptions = {}): Driver {
  const { watchdog, ...closing } = watchdogFor(options.watchdog)
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options, watchdog }
  const lease = leasing(settings)
  return {
    id: 'codex',
    sharesProcess: true,
    abilities,
    preflight: (environment) => {
      const found = locateCodex(environment)
      if ('failure' in found) return found.failure
      return isSurelySignedOut(environment) ? notSignedIn : undefined
    },
    installation: (environment) => {
      const found = locateCodex(environment)
      return 'failure' in found ? undefined : fileStamp(nativeExecutable(found.command))
    },
    probe: (environment) => probeWith(lease, { environment }),
    models: (environment) => listWith(lease, { environment }),
    effort: effortChoice,
    open: (spec, sink, signal) =>
      openSession({ ...settings, lease: () => lease(spec, signal), spec, sink, signal }),
    nativeResume: (sessionId) => ['codex', 'resume', sessionId],
    ...closing,
  }
}

const abilities: Abilities = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  rewind: true,
  toolChoice: false,
  maxTurns: false,
  ownMcpServers: true,
  confines: true,
  configure: true,
  usage: true,
}

function locateCodex(environment: SessionSpec['environment']): ReturnType<typeof locate> {
  const configured = environment['SUBAGENT_MCP_CODEX_PATH']
  return locate({ name: 'codex', configured, environment, notInstalled })
}

/** The part of a session spec that decides on its process. */
type Place = Pick<SessionSpec, 'environment' | 'depth' | 'ceiling' | 'processKey'>
type LeaseFor = (place: Place, signal: AbortSignal) => Promise<Lease<AppServer>>

/** A part in the process that goes with a place. */
function leasing(settings: Required<CodexDriverOptions>): LeaseFor {
  const servers = createSharedProcesses<Launch, AppServer>({
    keyOf: ({ command, environment, processKey }) =>
      JSON.stringify([fileStamp(command), sharingKey(environment), processKey]),
    start: (launch, signal) => startAppServer(launch, settings, signal),
    stop: (server, mode) => server.stop(mode),
  })
  return async (place, signal) => {
    const found = locateCodex(place.environment)
    if ('failure' in found) return { type: 'failed', failure: found.failure }
    const command = nativeExecutable(found.command)
    const own = { ...depthVariables(place), [mailboxVariable]: undefined } // it serves sessions of any mailbox
    const environment = childEnvironment(place.environment, own)
    return servers.lease({ command, environment, processKey: place.processKey }, signal)
  }
}

async function probeWith(lease: LeaseFor, place: Place): Promise<Probe> {
  const leased = await lease(place, new AbortController().signal)
  if (leased.type === 'failed') return { installed: false, failure: leased.failure }
  const probed = await probe(leased.process, place.environment)
  await leased.release()
  return probed
}

async function listWith(lease: LeaseFor, place: Place): Promise<ModelList> {
  const leased = await lease(place, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const listed = await leased.process.models()
  await leased.release()
  return 'failure' in listed ? { type: 'failed', ...listed } : { type: 'listed', ...listed }
}
