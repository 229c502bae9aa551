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
  createSharedProcesses,
  depthVariables,
  fileStamp,
  locate,
  sharingKey,
  type Lease,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { startAgent, type AgentProcess, type Launch } from './agent-process.js'
import { listedModels } from './choices.js'
import { notInstalled, notSignedIn } from './classify.js'
import { envFileOf } from './env-file.js'
import { effortNote, makeSession } from './open-conversation.js'
import { openSession } from './open-session.js'
import { probe } from './probe.js'
import type { AcpProfile, McpSpec } from './profile.js'
import { closeSession } from './requests.js'

/** What a driver for an ACP agent needs. */
export type AcpDriverOptions = {
  watchdog: Watchdog
  profile: AcpProfile
  clock?: Clock
  /** How long the agent may take to get ready, and to answer a request; a minute unless given. */
  deadlineMs?: number
}

/** One process for all sessions that share an environment and a depth. */
export function createAcpDriver(options: AcpDriverOptions): Driver {
  const settings = { clock: systemClock, deadlineMs: 60_000, ...options }
  const { profile } = settings
  const lease = leasing(settings)
  return {
    id: profile.id,
    sharesProcess: true,
    abilities,
    preflight: (environment) => {
      const found = locateAgent(profile, environment)
      if ('failure' in found) return found.failure
      return profile.signedIn(environment) === 'no' ? notSignedIn(profile) : undefined
    },
    probe: (environment) => probeWith(settings, environment),
    models: (environment) => listWith(profile, lease, environment),
    effort: (effort) => effortChoice(profile, effort),
    open: (spec, sink, signal) =>
      spec.fork
        ? Promise.resolve({ type: 'failed', failure: noCopies })
        : openSession({ ...settings, lease: () => lease(spec, signal), spec, sink, signal }),
    ...(profile.nativeResume && { nativeResume: profile.nativeResume }),
  }
}

/** The protocol's `session/fork` is a draft that no agent here has. */
const noCopies: Failure = {
  reason: 'bad-request',
  message: 'ACP has no copies of sessions: resume it instead',
}

const abilities: Abilities = {
  resume: true,
  fork: false,
  steer: false,
  approve: true,
  interrupt: true,
  reset: true,
  configure: true,
  usage: true,
}

type Settings = Required<AcpDriverOptions>

function locateAgent(profile: AcpProfile, environment: SessionSpec['environment']) {
  const { command: name, executableVariable } = profile
  const configured = executableVariable === undefined ? absolute(name) : environment[executableVariable]
  return locate({ name, configured, environment, notInstalled: notInstalled(profile) })
}

/** A command with a folder in it is no name to look for. */
function absolute(command: string): string | undefined {
  return /[\\/]/.test(command) ? command : undefined
}

type Place = McpSpec & Pick<SessionSpec, 'depth'>
type LeaseFor = (place: Place, signal: AbortSignal) => Promise<Lease<AgentProcess>>

/** A part in the process that goes with an environment, a depth, MCP servers and the `.env` of a folder. */
function leasing(settings: Settings): LeaseFor {
  const { profile } = settings
  const agents = createSharedProcesses<Launch, AgentProcess>({
    keyOf: ({ key }) => key,
    start: (launch, signal) => startAgent(launch, settings, signal),
    stop: (agent, mode) => agent.stop(mode),
  })
  return async (spec, signal) => {
    const found = locateAgent(profile, spec.environment)
    if ('failure' in found) return { type: 'failed', ...found }
    const mcp = await mcpArguments(profile, spec)
    if ('failure' in mcp) return { type: 'failed', ...mcp }
    const args = [...profile.args, ...mcp.args]
    const files = [found.command, envFileOf(spec.cwd)].flatMap((file) => file ?? [])
    const environment = childEnvironment(spec.environment, { ...profile.env, ...depthVariables(spec) })
    const key = [...files.map(fileStamp), ...args, sharingKey(environment)].join('\n')
    return agents.lease({ ...found, args, cwd: spec.cwd, environment, key }, signal)
  }
}

async function mcpArguments(
  profile: AcpProfile,
  spec: McpSpec,
): ReturnType<NonNullable<AcpProfile['mcpArguments']>> {
  if (profile.mcpArguments !== undefined) return profile.mcpArguments(spec)
  if (typeof spec.mcp === 'string') return { args: [] }
  const message = `the MCP servers of ${profile.label} cannot be chosen by name`
  return {
    failure: { reason: 'bad-request', message, hint: 'leave mcp out: it has those of its own settings' },
  }
}

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
  const leased = await lease(spec, new AbortController().signal)
  if (leased.type === 'failed') return leased
  const { process: agent, release } = leased
  const list = agent.models.listed ?? (await listModels(agent, profile, spec))
  await release()
  return 'failure' in list ? { type: 'failed', ...list } : { type: 'listed', models: list }
}

async function listModels(agent: AgentProcess, profile: AcpProfile, spec: McpSpec) {
  const made = await agent.makeNext(() => makeSession(agent, profile, spec))
  if ('failure' in made) return made
  const { models } = listedModels(made.answer, profile)
  agent.models.listed = models
  if (agent.can.close) await agent.request(closeSession(made.sessionId))
  return models
}
