import type {
  DriverAbilities,
  Driver,
  Failure,
  SessionOpenOutcome,
  CliStatus,
  SessionSpec,
} from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  findCliPreflightFailure,
  computeCliStamp,
  createSharedProcesses,
  createNestingVariables,
  fillDriverSettings,
  computeFileStamp,
  locateCliExecutable,
  mailboxNameVariable,
  openSharedSession,
  computeEnvironmentKey,
  type DriverOptions,
  type DriverSettings,
  type Environment,
  type ProcessLease,
  type SessionOwner,
} from '@subagent-mcp/driver-kit'
import { codexCli } from './codex-cli.js'
import { codexAcceptsSchema } from './session/requests.js'
import { translateCodexEffort } from './launch/choose-model.js'
import { startAppServer, type AppServer, type AppServerLaunch } from './server/app-server.js'
import { findNativeCodex } from './server/native-executable.js'
import { killThreadProcesses } from './session/leftovers.js'
import { createLiveThread } from './session/live-thread.js'
import { openThread } from './session/open-thread.js'
import { unloadThread } from './session/unload-thread.js'
import { AccountAnswer } from './session/wire.js'
import { hasCodexProviderKey, isCodexSignedOut } from './sign-in.js'

/** Creates a driver for Codex: one process for all sessions that share an environment, a depth, a ceiling and a key. */
export function createCodexDriver(options: DriverOptions = {}): Driver {
  const { settings, closing } = fillDriverSettings(options)
  const lease = leasing(settings)
  return {
    id: 'codex',
    sharesProcess: true,
    abilities,
    takesSchema: codexAcceptsSchema,
    preflight: (environment) => findCliPreflightFailure(codexCli, environment, isCodexSignedOut),
    account: { variable: 'CODEX_HOME', signIn: /^(OPENAI|CODEX)_(API_KEY|ACCESS_TOKEN)$/ },
    installation: (environment) =>
      computeCliStamp(codexCli, environment, (command) => computeFileStamp(findNativeCodex(command))),
    probe: async (environment) => {
      const probed = await useServer(lease, environment, (server) => probe(server, environment))
      return 'failure' in probed ? { installed: false, failure: probed.failure } : probed
    },
    models: (environment) => useServer(lease, environment, (server) => server.models()),
    effort: translateCodexEffort,
    open: (spec, sink, signal) => openSession(settings, lease, spec, { sink, signal }),
    nativeResume: (sessionId) => ['codex', 'resume', sessionId],
    ...closing,
  }
}

const abilities: DriverAbilities = {
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
  costs: false,
}

/** The fields of a session spec that decide which `codex` process carries the session. */
type ProcessSpec = Pick<SessionSpec, 'environment' | 'depth' | 'ceiling' | 'processKey'>
type LeaseFor = (spec: ProcessSpec, signal: AbortSignal) => Promise<ProcessLease<AppServer>>

function leasing(settings: DriverSettings): LeaseFor {
  const servers = createSharedProcesses<AppServerLaunch, AppServer>({
    keyOf: ({ command, environment, processKey }) =>
      JSON.stringify([computeFileStamp(command), computeEnvironmentKey(environment), processKey]),
    start: (launch, signal) => startAppServer(launch, settings, signal),
    stop: (server, mode) => server.stop(mode),
  })
  return async (spec, signal) => {
    const found = locateCliExecutable(codexCli, spec.environment)
    if ('failure' in found) return found
    const command = findNativeCodex(found.command)
    // The process serves sessions of several mailboxes, so it gets no mailbox name.
    const own = { ...createNestingVariables(spec), [mailboxNameVariable]: undefined }
    const environment = buildChildEnvironment(spec.environment, own)
    return servers.lease({ command, environment, processKey: spec.processKey }, signal)
  }
}

/** Asks the Codex server of an environment, which runs for the question if it does not run already. */
async function useServer<Answer>(
  lease: LeaseFor,
  environment: Environment,
  ask: (server: AppServer) => Promise<Answer>,
): Promise<Answer | { type: 'failed'; failure: Failure }> {
  const leased = await lease({ environment }, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const answer = await ask(leased.process)
  await leased.release()
  return answer
}

/** The version of a running app server, and whether its account is signed in. Never rejects. */
async function probe(server: AppServer, environment: Environment): Promise<CliStatus> {
  const { executable, version } = server
  const answer = await server.request('account/read', {})
  const account = answer.type === 'result' ? AccountAnswer.safeParse(answer.result).data : undefined
  return { installed: true, executable, version, signedIn: signedIn(account, environment) }
}

type Account = { account?: unknown; requiresOpenaiAuth: boolean }

/** Whether Codex is signed in. A configured provider needs no account; whether its key is valid shows in the first turn. */
function signedIn(account: Account | undefined, environment: Environment): 'yes' | 'no' | 'unknown' {
  if (account === undefined) return 'unknown'
  if (account.account !== undefined || !account.requiresOpenaiAuth) return 'yes'
  return hasCodexProviderKey(environment) ? 'unknown' : 'no'
}

function openSession(
  { clock, deadlineMs }: DriverSettings,
  lease: LeaseFor,
  spec: SessionSpec,
  { sink, signal }: SessionOwner,
): Promise<SessionOpenOutcome> {
  return openSharedSession({
    ...{ label: codexCli.label, sink, signal },
    lease: () => lease(spec, signal),
    open: (server: AppServer) => openThread(server, spec),
    discard: (server, { threadId }) => {
      void unloadThread(server, threadId, deadlineMs).then(() => killThreadProcesses(server, threadId))
    },
    attach: (server, conversation, owner) =>
      createLiveThread(conversation, { ...owner, server, clock, deadlineMs }),
  })
}
