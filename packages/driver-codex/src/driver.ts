import {
  systemClock,
  type Abilities,
  type Clock,
  type Driver,
  type ModelList,
  type Probe,
  type SessionSpec,
  type EventSink,
  type OpenOutcome,
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
  type Environment,
  openSharedSession,
} from '@subagent-mcp/driver-kit'
import { startAppServer, type AppServer, type Launch } from './server/app-server.js'
import { effortChoice } from './launch/choose-model.js'
import { notInstalled, notSignedIn } from './classify.js'
import { nativeExecutable } from './server/native-executable.js'
import { isSurelySignedOut, hasKey } from './sign-in.js'
import { AccountAnswer } from './session/wire.js'
import { endProcesses } from './session/leftovers.js'
import { createLiveThread } from './session/live-thread.js'
import { openThread } from './session/open-thread.js'
import { putAway } from './session/unload-thread.js'

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

/** What a running server says of itself and of the account. Never rejects. */
async function probe(server: AppServer, environment: Environment): Promise<Probe> {
  const { executable, version } = server
  const answer = await server.request('account/read', {})
  const account = answer.type === 'result' ? AccountAnswer.safeParse(answer.result).data : undefined
  return { installed: true, executable, version, signedIn: signedIn(account, environment) }
}

type Account = { account?: unknown; requiresOpenaiAuth: boolean }

/** A provider of the user's own needs no account; whether its key is good shows in the first turn. */
function signedIn(account: Account | undefined, environment: Environment): 'yes' | 'no' | 'unknown' {
  if (account === undefined) return 'unknown'
  if (account.account !== undefined || !account.requiresOpenaiAuth) return 'yes'
  return hasKey(environment) ? 'unknown' : 'no'
}

/** What a session is made of. */
type SessionParts = {
  lease: () => Promise<Lease<AppServer>>
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

/** Opens a thread in the shared process and joins it to a conversation. */
function openSession({ spec, clock, deadlineMs, ...parts }: SessionParts): Promise<OpenOutcome> {
  return openSharedSession({
    ...parts,
    label: 'codex',
    make: (server: AppServer) => openThread(server, spec),
    drop: (server, { threadId }) => {
      void putAway(server, threadId, deadlineMs).then(() => endProcesses(server, threadId))
    },
    join: (server, conversation, owner) =>
      createLiveThread(conversation, { ...owner, server, clock, deadlineMs }),
  })
}
