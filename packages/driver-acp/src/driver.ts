import {
  systemClock,
  type Abilities,
  type Clock,
  type Driver,
  type Failure,
  type EffortChoice,
  type ModelList,
  type Probe,
  type SessionSpec,
} from '@subagent-mcp/contract'
import {
  childEnvironment,
  exitFailure,
  runBriefly,
  watchdogFor,
  type Environment,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import type { AgentProcess } from './agent/agent-process.js'
import { listedModels } from './session/choices.js'
import { notSignedIn, notInstalled } from './classify.js'
import { installationOf } from './agent/installation.js'
import { leasing, locateAgent, type LeaseFor, type Place } from './agent/leasing.js'
import { effortNote, makeSession } from './session/open-conversation.js'
import { openSession } from './session/open-session.js'
import { unguarded } from './guards/project-guard.js'
import type { AcpProfile } from './profile.js'
import { closeSession } from './session/requests.js'

/** What a driver for an ACP agent needs. */
export type AcpDriverOptions = {
  /** Kills the CLI's processes when this process dies. Default: one of the driver's own, ended by `close`. */
  watchdog?: Watchdog
  profile: AcpProfile
  clock?: Clock
  /** How long the agent may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for all sessions that share an environment and a depth. */
export function createAcpDriver(options: AcpDriverOptions): Driver {
  const { watchdog, ...closing } = watchdogFor(options.watchdog)
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options, watchdog }
  const { profile } = settings
  const lease = leasing(settings)
  return {
    id: profile.id,
    sharesProcess: true,
    abilities: { ...abilities, toolChoice: profile.limits !== undefined },
    preflight: (environment) => {
      const found = locateAgent(profile, environment)
      if ('failure' in found) return found.failure
      return profile.signedIn(environment) === 'no' ? notSignedIn(profile) : undefined
    },
    installation: (environment) => {
      const found = locateAgent(profile, environment)
      return 'failure' in found ? undefined : installationOf(found.command)
    },
    probe: (environment) => probeWith(settings, environment),
    models: (environment) => listWith(profile, lease, environment),
    effort: (effort) => effortChoice(profile, effort),
    open: (spec, sink, signal) => {
      const failure = impossible(spec)
      if (failure) return Promise.resolve({ type: 'failed', failure })
      const guard = profile.guard?.(spec) ?? unguarded
      if ('failure' in guard) return Promise.resolve({ type: 'failed', ...guard })
      return openSession({ ...settings, lease: () => lease(spec, guard, signal), guard, spec, sink, signal })
    },
    ...(profile.nativeResume && { nativeResume: profile.nativeResume }),
    ...closing,
  }
}

function impossible({ fork, ephemeral, resumeSessionId }: SessionSpec): Failure | undefined {
  const anew = 'an ephemeral session begins anew: it takes none up'
  // The protocol's `session/fork` is a draft that no agent here has.
  if (fork) return { reason: 'bad-request', message: 'ACP has no copies of sessions: resume it instead' }
  return ephemeral && resumeSessionId !== undefined ? { reason: 'bad-request', message: anew } : undefined
}

const abilities: Omit<Abilities, 'toolChoice'> = {
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
}

type Settings = Required<AcpDriverOptions>

async function probeWith(settings: Settings, environment: SessionSpec['environment']): Promise<Probe> {
  const found = locateAgent(settings.profile, environment)
  return 'failure' in found
    ? { installed: false, failure: found.failure }
    : probe({ ...settings, ...found, environment })
}

function effortChoice(profile: AcpProfile, effort: string): EffortChoice {
  return effort === 'ultracode'
    ? { type: 'refused', message: `${profile.label} has no ultracode: it is a mode of some Claude models` }
    : { type: 'none', note: effortNote(profile) }
}

/** Asks an agent that runs, or starts one; what it listed to a session need not be asked again. */
async function listWith(
  profile: AcpProfile,
  lease: LeaseFor,
  environment: SessionSpec['environment'],
): Promise<ModelList> {
  const spec = { cwd: homedir(), mcp: 'none', environment } as const
  const guard = profile.guard?.(spec) ?? unguarded
  if ('failure' in guard) return { type: 'failed', ...guard }
  const leased = await lease(spec, guard, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const { process: agent, release } = leased
  const list = agent.models.listed ?? (await listModels(agent, profile, spec))
  await release()
  return 'failure' in list ? { type: 'failed', ...list } : { type: 'listed', models: list }
}

async function listModels(agent: AgentProcess, profile: AcpProfile, spec: Place) {
  const made = await agent.makeNext(() => makeSession(agent, profile, spec))
  if ('failure' in made) return made
  const { models } = listedModels(made.answer, profile)
  agent.models.listed = models
  if (agent.can.close) await agent.request(closeSession(made.sessionId))
  return models
}

/** What is asked of the machine. */
type ProbeOptions = {
  profile: AcpProfile
  command: string
  environment: Environment
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

/** Looks at what is installed by a call that costs nothing and needs no network. Never throws. */
async function probe(options: ProbeOptions): Promise<Probe> {
  const { profile, command } = options
  const environment = childEnvironment(options.environment, profile.env)
  const { exit, output } = await runBriefly({ ...options, args: ['--version'], environment })
  if (exit.spawnError !== undefined) {
    return { installed: false, failure: exitFailure(profile.label, exit, notInstalled(profile)) }
  }
  return {
    installed: true,
    executable: command,
    version: /\d+\.\d+\S*/.exec(output)?.[0] ?? 'unknown',
    signedIn: profile.signedIn(options.environment),
  }
}
