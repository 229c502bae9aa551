import type { Clock, SessionSpec } from '@subagent-mcp/contract'
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
import { startAgent, type AgentProcess, type Launch } from './agent-process.js'
import { notInstalled } from '../classify.js'
import { envFileOf } from './env-file.js'
import { installationOf } from './installation.js'
import type { AcpProfile, Limits, LimitSpec } from '../profile.js'
import type { ProjectGuard } from '../guards/project-guard.js'

/** The part of a session spec that decides on its process. */
export type Place = LimitSpec & Pick<SessionSpec, 'depth' | 'ceiling' | 'processKey'>

/** A part in the process that goes with a place. */
export type LeaseFor = (
  place: Place,
  guard: ProjectGuard,
  signal: AbortSignal,
) => Promise<Lease<AgentProcess>>

type Settings = { profile: AcpProfile; watchdog: Watchdog; clock: Clock; deadlineMs: number }

/**
 * One process for all sessions that share an environment, a depth, a ceiling, limits, a `.env` and a key. Those that are
 * ephemeral are never in one with others: what their tools leave running cannot be told apart.
 */
export function leasing(settings: Settings): LeaseFor {
  const { profile } = settings
  const agents = createSharedProcesses<Launch, AgentProcess>({
    keyOf: ({ key }) => key,
    start: (launch, signal) => startAgent(launch, settings, signal),
    stop: (agent, mode) => agent.stop(mode),
  })
  return (spec, guard, signal) => {
    const found = locateAgent(profile, spec.environment)
    if ('failure' in found) return Promise.resolve({ type: 'failed', ...found })
    const limits = (profile.limits ?? noLimits(profile))(spec)
    if ('failure' in limits) return Promise.resolve({ type: 'failed', ...limits })
    return agents.lease(launchOf(profile, spec, { ...found, ...limits, guard }), signal)
  }
}

/** Where this environment has the agent, or why it has none. */
export function locateAgent(profile: AcpProfile, environment: SessionSpec['environment']) {
  const { command: name, executableVariable } = profile
  const configured = executableVariable === undefined ? absolute(name) : environment[executableVariable]
  return locate({ name, configured, environment, notInstalled: notInstalled(profile) })
}

/** A command with a folder in it is no name to look for. */
function absolute(command: string): string | undefined {
  return /[\\/]/.test(command) ? command : undefined
}

function launchOf(
  profile: AcpProfile,
  spec: Place,
  chosen: Limits & { command: string; guard: ProjectGuard },
): Launch {
  const { command, policy, guard } = chosen
  const args = [...profile.args, ...chosen.args]
  const environment = childEnvironment(spec.environment, {
    ...profile.env,
    ...guard.env,
    ...depthVariables(spec),
  })
  const envFile = envFileOf(spec.cwd)
  const key = JSON.stringify([
    ...[installationOf(command), envFile && fileStamp(envFile), args, policy],
    ...[sharingKey(environment), spec.ephemeral, spec.processKey, guard.isApart && spec.cwd, guard.files],
  ])
  return { command, args, policy, environment, key, cwd: spec.cwd, files: guard.files ?? {} }
}

function noLimits({ label }: AcpProfile): NonNullable<AcpProfile['limits']> {
  return ({ mcp, tools }) => {
    if (typeof mcp === 'string' && tools === undefined) return { args: [], policy: '' }
    const what = tools === undefined ? 'MCP servers' : 'tools'
    const message = `the ${what} of ${label} cannot be chosen by name`
    return {
      failure: { reason: 'bad-request', message, hint: 'leave them out: it has those of its own settings' },
    }
  }
}
