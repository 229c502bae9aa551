import {
  omitUndefined,
  type DriverAbilities,
  type Driver,
  type EffortTranslation,
  type Failure,
  type CliModelList,
  type CliStatus,
  type SessionSpec,
} from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  findCliPreflightFailure,
  computeCliStamp,
  fillDriverSettings,
  ephemeralResumeFailure,
  createCliExitFailure,
  locateCliExecutable,
  runTimedCommand,
  type DriverOptions,
  type Environment,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import type { AcpAgentProcess, AcpAgentSettings } from './agent/agent-process.js'
import {
  createAcpProcessLeaser,
  type AcpProcessLeaser,
  type AcpProcessSpec,
} from './agent/acp-process-leaser.js'
import { noProjectGuard } from './guards/project-guard.js'
import type { AcpProfile } from './profile.js'
import { readAcpModels } from './session/choices.js'
import { createUnsupportedEffortNote, requestAcpSession } from './session/open-conversation.js'
import { openAcpSession } from './session/open-session.js'
import { createCloseSessionRequest } from './session/requests.js'

/** Options of `createAcpDriver`: those of every driver, and the profile of the ACP agent. */
export type AcpDriverOptions = DriverOptions & { profile: AcpProfile }

/** Creates a driver for an ACP agent: one process for all sessions that share an environment and a depth. */
export function createAcpDriver({ profile, ...options }: AcpDriverOptions): Driver {
  const { settings: common, closing } = fillDriverSettings(options)
  const settings = { ...common, profile }
  const lease = createAcpProcessLeaser(settings)
  return {
    id: profile.id,
    sharesProcess: true,
    abilities: { ...abilities, toolChoice: profile.limits !== undefined },
    preflight: (environment) =>
      findCliPreflightFailure(profile, environment, () => profile.signedIn(environment) === 'no'),
    ...omitUndefined({ account: profile.account }),
    installation: (environment) => computeCliStamp(profile, environment),
    probe: (environment) => probe(settings, environment),
    models: (environment) => listWith(profile, lease, environment),
    effort: (effort) => effortChoice(profile, effort),
    open: async (spec, sink, signal) => {
      const failure = impossible(spec)
      if (failure) return { type: 'failed', failure }
      const guard = profile.guard?.(spec) ?? noProjectGuard
      if ('failure' in guard) return { type: 'failed', ...guard }
      const leaseHere = () => lease(spec, guard, signal)
      return await openAcpSession({ ...settings, lease: leaseHere, guard, spec, sink, signal })
    },
    ...(profile.nativeResume && { nativeResume: profile.nativeResume }),
    ...closing,
  }
}

/** Returns the failure for a launch that no ACP agent can do, such as a fork; undefined for others. */
function impossible({ fork, ephemeral, resumeSessionId }: SessionSpec): Failure | undefined {
  // No known agent has the draft request `session/fork`.
  if (fork) return { reason: 'bad-request', message: 'ACP has no copies of sessions: resume it instead' }
  return ephemeral && resumeSessionId !== undefined ? ephemeralResumeFailure : undefined
}

const abilities: Omit<DriverAbilities, 'toolChoice'> = {
  resume: true,
  fork: false,
  steer: false,
  approve: true,
  interrupt: true,
  reset: true,
  rewind: false,
  maxTurns: false,
  ownMcpServers: true,
  confines: false,
  configure: true,
  usage: true,
  // Some agents report costs, but none is known to report those of every turn.
  costs: false,
}

function effortChoice(profile: AcpProfile, effort: string): EffortTranslation {
  return effort === 'ultracode'
    ? { type: 'refused', message: `${profile.label} has no ultracode: it is a mode of some Claude models` }
    : { type: 'none', note: createUnsupportedEffortNote(profile) }
}

/** Lists the models of a running agent, or starts one. An agent that has listed them to a session is not asked again. */
async function listWith(
  profile: AcpProfile,
  lease: AcpProcessLeaser,
  environment: SessionSpec['environment'],
): Promise<CliModelList> {
  const spec = { cwd: homedir(), mcp: 'none', environment } as const
  const guard = profile.guard?.(spec) ?? noProjectGuard
  if ('failure' in guard) return { type: 'failed', ...guard }
  const leased = await lease(spec, guard, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const { process: agent, release } = leased
  const models = agent.models.listed ?? (await listModels(agent, profile, spec))
  await release()
  return 'failure' in models ? { type: 'failed', ...models } : { type: 'listed', models }
}

async function listModels(agent: AcpAgentProcess, profile: AcpProfile, spec: AcpProcessSpec) {
  const opened = await agent.inSequence(() => requestAcpSession(agent, profile, spec))
  if ('failure' in opened) return opened
  const { models } = readAcpModels(opened.answer, profile)
  agent.models.listed = models
  if (agent.can.close) await agent.request(createCloseSessionRequest(opened.sessionId))
  return models
}

/** The installed version, and whether it is signed in. Runs one command that costs nothing and needs no network. Never throws. */
async function probe({ profile, ...settings }: AcpAgentSettings, caller: Environment): Promise<CliStatus> {
  const found = locateCliExecutable(profile, caller)
  if ('failure' in found) return { installed: false, failure: found.failure }
  const { command } = found
  const environment = buildChildEnvironment(caller, profile.env)
  const { exit, output } = await runTimedCommand({ ...settings, command, args: ['--version'], environment })
  if (exit.spawnError !== undefined) return { installed: false, failure: createCliExitFailure(profile, exit) }
  return {
    installed: true,
    executable: command,
    version: /\d+\.\d+\S*/.exec(output)?.[0] ?? 'unknown',
    signedIn: profile.signedIn(caller),
  }
}
