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
  fileStamp,
  locate,
  sharingKey,
  type Lease,
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
  watchdog: Watchdog
  /** The CLI's path, when it is not to be looked for. */
  executable?: string
  clock?: Clock
  /** How long the CLI may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for all sessions that share an environment. */
export function createCodexDriver(options: CodexDriverOptions): Driver {
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options }
  const find = (environment: SessionSpec['environment']) =>
    locate({ name: 'codex', configured: options.executable, environment, notInstalled })
  const lease = leasing(settings, find)
  return {
    id: 'codex',
    abilities,
    preflight: (environment) => {
      const found = find(environment)
      if ('failure' in found) return found.failure
      return isSurelySignedOut(environment) ? notSignedIn : undefined
    },
    probe: (environment) => probeWith(lease, environment),
    models: (environment) => listWith(lease, environment),
    effort: effortChoice,
    open: (spec, sink, signal) =>
      openSession({ ...settings, lease: () => lease(spec.environment, signal), spec, sink, signal }),
  }
}

const abilities: Abilities = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  configure: true,
  usage: true,
}

type LeaseFor = (environment: SessionSpec['environment'], signal: AbortSignal) => Promise<Lease<AppServer>>

/** A part in the process that goes with an environment. */
function leasing(
  settings: Required<Omit<CodexDriverOptions, 'executable'>>,
  find: (environment: SessionSpec['environment']) => ReturnType<typeof locate>,
): LeaseFor {
  const servers = createSharedProcesses<Launch, AppServer>({
    keyOf: ({ command, environment }) => `${fileStamp(command)} ${sharingKey(environment)}`,
    start: (launch, signal) => startAppServer(launch, settings, signal),
    stop: (server, mode) => server.stop(mode),
  })
  return async (environment, signal) => {
    const found = find(environment)
    if ('failure' in found) return { type: 'failed', failure: found.failure }
    const command = nativeExecutable(found.command)
    return servers.lease({ command, environment: childEnvironment(environment) }, signal)
  }
}

async function probeWith(lease: LeaseFor, environment: SessionSpec['environment']): Promise<Probe> {
  const leased = await lease(environment, new AbortController().signal)
  if (leased.type === 'failed') return { installed: false, failure: leased.failure }
  const probed = await probe(leased.process, environment)
  await leased.release()
  return probed
}

async function listWith(lease: LeaseFor, environment: SessionSpec['environment']): Promise<ModelList> {
  const leased = await lease(environment, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const listed = await leased.process.models()
  await leased.release()
  return 'failure' in listed ? { type: 'failed', ...listed } : { type: 'listed', ...listed }
}
