import type { SessionSpec } from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  createSharedProcesses,
  computeExecutableStamp,
  createNestingVariables,
  computeFileStamp,
  listFolderAndParents,
  locateCliExecutable,
  computeEnvironmentKey,
  type ProcessLease,
} from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectGuard } from '../guards/project-guard.js'
import type { AcpProfile, ToolLimits, ToolLimitSpec } from '../profile.js'
import {
  startAcpAgentProcess,
  type AcpProcessLaunch,
  type AcpAgentProcess,
  type AcpAgentSettings,
} from './agent-process.js'

export type AcpProcessSpec = ToolLimitSpec & Pick<SessionSpec, 'depth' | 'ceiling' | 'processKey'>

/** Leases the shared ACP agent process for a session, and starts it when none runs. */
export type AcpProcessLeaser = (
  spec: AcpProcessSpec,
  guard: ProjectGuard,
  signal: AbortSignal,
) => Promise<ProcessLease<AcpAgentProcess>>

/**
 * Shares one process between all sessions with the same environment, depth, ceiling, limits, `.env` file and key. An
 * ephemeral session shares its process with ephemeral ones only, because the processes that tools leave running do not
 * tell their session.
 */
export function createAcpProcessLeaser(settings: AcpAgentSettings): AcpProcessLeaser {
  const { profile } = settings
  const agents = createSharedProcesses<AcpProcessLaunch, AcpAgentProcess>({
    keyOf: ({ key }) => key,
    start: (launch, signal) => startAcpAgentProcess(launch, settings, signal),
    stop: (agent, mode) => agent.stop(mode),
  })
  return async (spec, guard, signal) => {
    const found = locateCliExecutable(profile, spec.environment)
    if ('failure' in found) return found
    const limits = (profile.limits ?? noLimits(profile))(spec)
    if ('failure' in limits) return { type: 'failed', ...limits }
    return agents.lease(launchOf(profile, spec, { ...found, ...limits, guard }), signal)
  }
}

function launchOf(
  profile: AcpProfile,
  spec: AcpProcessSpec,
  chosen: ToolLimits & { command: string; guard: ProjectGuard },
): AcpProcessLaunch {
  const { command, policy, guard } = chosen
  const args = [...profile.args, ...chosen.args]
  const environment = buildChildEnvironment(spec.environment, {
    ...profile.env,
    ...guard.env,
    ...createNestingVariables(spec),
  })
  const envFile = findEnvFile(spec.cwd)
  const key = JSON.stringify([
    ...[computeExecutableStamp(command), envFile && computeFileStamp(envFile), args, policy],
    ...[
      computeEnvironmentKey(environment),
      spec.ephemeral,
      spec.processKey,
      guard.isApart && spec.cwd,
      guard.files,
    ],
  ])
  return { command, args, policy, environment, key, cwd: spec.cwd, files: guard.files ?? {} }
}

/** The `.env` file that an agent reads for a folder. Its variables hold for the whole process. */
export function findEnvFile(folder: string): string | undefined {
  return listFolderAndParents(folder)
    .flatMap((around) => [join(around, '.gemini', '.env'), join(around, '.env')])
    .find((file) => existsSync(file))
}

function noLimits({ label }: AcpProfile): NonNullable<AcpProfile['limits']> {
  return ({ mcp, tools }) => {
    if (typeof mcp === 'string' && tools === undefined) return { args: [], policy: '' }
    const what = tools === undefined ? 'MCP servers' : 'tools'
    const message = `the ${what} of ${label} cannot be chosen by name`
    const hint = 'leave them out: it has those of its own settings'
    return { failure: { reason: 'bad-request', message, hint } }
  }
}
