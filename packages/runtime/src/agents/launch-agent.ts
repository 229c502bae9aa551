import {
  getCallerState,
  checkLaunchFolder,
  checkLaunchAllowed,
  findRepeatedLaunch,
  isAgentInTurn,
  willAgentReportUnprompted,
  addAgentToWaitTicket,
  launchSupervisedAgent,
  getAgentAuthority,
  type LaunchRequest,
  type LaunchResult,
  type Supervisor,
} from '@subagent-mcp/core'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import type { TracedLaunchOptions } from '@subagent-mcp/mcp-server'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepareLaunchAcceptance, type AcceptanceContext } from '../acceptance/prepare-launch-acceptance.js'
import { checkOutputSchema } from '../checks/check-turn.js'
import { collectChanges } from '../changes/collect-changes.js'
import type { CallerDefinitions } from '../definitions/agent-service.js'
import type { AgentWorktrees } from '../worktrees/agent-worktrees.js'

/** A caller that launches agents, and the parts of the runtime that a launch uses. */
export type LaunchContext = {
  supervisor: Supervisor
  caller: string
  definitions: CallerDefinitions
  worktrees: AgentWorktrees
  projectGates?: AcceptanceContext['projectGates']
  /** Returns an existing folder, from a path relative to the caller's own. @throws SubagentError `cwd-missing` */
  folderOf(path: string | undefined): string
  /**
   * The kind of caller. A `host` may repeat a task after it has lost the answer. A `worker` ends its agents itself. A `request` is
   * one command or HTTP request.
   */
  kind: 'host' | 'worker' | 'request'
  /** The default of the launch option `onHostExit`: whether a host's agents continue when the host exits. */
  onHostExit: 'keep' | 'kill'
}

/** Launches an agent of a caller, in a worktree if the launch, its definition or the user's settings say so. @throws SubagentError */
export async function launchAgent(parts: LaunchContext, options: TracedLaunchOptions): Promise<LaunchResult> {
  const { supervisor, caller } = parts
  const request = prepareLaunchAcceptance(parts, requestOf(parts, options))
  const isIsolated = needsWorktree(parts, request)
  const checking = checkRequestedSchema(request)
  if (checking) await checking
  // Nothing is awaited for a plain launch, so that a wait which follows immediately finds the agent.
  const launched =
    isIsolated || request.changes !== undefined
      ? await launchPrepared(parts, { request, isIsolated, agent: options.agent })
      : launchSupervisedAgent(
          supervisor,
          caller,
          withRemarks(request, folderRemarks(supervisor, caller, request)),
        )
  addAgentToWaitTicket(supervisor, caller, launched.agent.profile.id)
  return launched
}

function requestOf(parts: LaunchContext, { agent, cwd, ...options }: TracedLaunchOptions): LaunchRequest {
  const { definitions, folderOf } = parts
  const { provider, account } = options
  const place =
    agent === undefined
      ? { cwd: folderOf(cwd) }
      : definitions.launchTemplate(agent, { cwd, provider, account, pooled: false })
  return addCallerLaunchRules(parts, { ...options, ...place })
}

/** Adds the launch settings that depend on the kind of caller. A worker's agent outlives the worker, so that a later worker can resume it. */
export function addCallerLaunchRules(
  { kind, onHostExit }: Pick<LaunchContext, 'kind' | 'onHostExit'>,
  request: LaunchRequest,
): LaunchRequest {
  if (kind === 'worker') return { ...request, onHostExit: 'keep', onLimit: 'fail', unanswered: 'deny' }
  return kind === 'host' ? { onHostExit, ...request } : request
}

/** Checks the schema of a launch, or of its definition. @throws SubagentError `invalid-parameter` */
export function checkRequestedSchema({ outputSchema, template }: LaunchRequest): Promise<void> | undefined {
  const schema = outputSchema ?? template?.outputSchema
  return schema && checkOutputSchema(schema)
}

/** Whether the agent gets a worktree. The user's default for the project leaves out workers, and agents that only read. */
function needsWorktree({ supervisor, worktrees, kind }: LaunchContext, request: LaunchRequest): boolean {
  const isolation = request.isolation ?? request.template?.isolation
  if (isolation !== undefined) return isolation === 'worktree'
  return kind !== 'worker' && mayEdit(supervisor, request) && worktrees.isDefault(request.cwd)
}

function mayEdit({ defaultPermissions }: Supervisor, { permissions, template }: LaunchRequest): boolean {
  return (permissions ?? template?.authority.preset ?? defaultPermissions) !== 'read-only'
}

type Prepared = { request: LaunchRequest; isIsolated: boolean; agent: string | undefined }

/** Collects the changes and makes the worktree of a launch first, unless it repeats an earlier one. */
async function launchPrepared(
  parts: LaunchContext,
  { request, isIsolated, agent }: Prepared,
): Promise<LaunchResult> {
  const { supervisor, caller } = parts
  const earlier = findRepeatedLaunch(supervisor, caller, request)
  if (earlier) return earlier
  const { changes, cwd: folder } = request
  const environment = supervisor.environmentOf(caller)
  const attached =
    changes === undefined ? {} : { attached: await collectChanges({ changes, folder, environment }) }
  const whole = { ...request, ...attached }
  return isIsolated ? launchInWorktree(parts, whole, agent) : launchSupervisedAgent(supervisor, caller, whole)
}

/** Makes a worktree and launches the agent in it. A launch that is refused, or is known already, leaves no worktree behind. */
async function launchInWorktree(
  { supervisor, caller, worktrees, definitions }: LaunchContext,
  request: LaunchRequest,
  agent: string | undefined,
): Promise<LaunchResult> {
  const { cwd, provider, account } = request
  const from = getCallerState(supervisor.state(), caller, cwd)
  checkLaunchAllowed(supervisor, from)
  checkLaunchFolder(from, cwd)
  const environment = supervisor.environmentOf(caller)
  const missing = worktrees.missing(cwd)
  const { id, folder, source, left } = await worktrees.create({ cwd, environment })
  try {
    // The definition is read again, because the prompt that it makes names the folder.
    const template =
      agent === undefined
        ? {}
        : {
            template: definitions.launchTemplate(agent, {
              ...{ cwd, provider, account },
              pooled: false,
              worktree: folder,
            }).template,
          }
    const remarks = [
      `it works in ${folder}, a copy of ${source}; changes shows and applies its work`,
      ...(missing === undefined ? [] : [missing]),
      ...(left.length > 0 ? [`left out of the copy: ${nameFirst(left, '; ')}`] : []),
    ]
    const launched = launchSupervisedAgent(supervisor, caller, {
      ...withRemarks(request, remarks),
      ...template,
      worktree: { id, folder },
    })
    if (launched.repeated) await worktrees.discard(id)
    return launched
  } catch (error) {
    await worktrees.discard(id)
    throw error
  }
}

function withRemarks(request: LaunchRequest, remarks: readonly string[]): LaunchRequest {
  return { ...request, remarks: [...remarks, ...(request.remarks ?? [])] }
}

/** The most files or agents that a remark names. */
const mostNamed = 10

function nameFirst(names: readonly string[], separator: string): string {
  const more = names.length > mostNamed ? [`${names.length - mostNamed} more`] : []
  return [...names.slice(0, mostNamed), ...more].join(separator)
}

/** A note for a launch whose agent could edit the same checkout as another running agent of the same depth. */
function folderRemarks(supervisor: Supervisor, caller: string, request: LaunchRequest): readonly string[] {
  if (!existsSync(request.cwd) || !mayEdit(supervisor, request)) return []
  const project = findProjectRoot(request.cwd)
  if (!existsSync(join(project, '.git'))) return []
  const depth = getCallerState(supervisor.state(), caller, project).depth + 1
  const editors = [...supervisor.state().open.values()].filter(
    (agent) =>
      agent.profile.depth === depth &&
      agent.profile.pool === undefined &&
      (willAgentReportUnprompted(agent) || isAgentInTurn(agent.phase)) &&
      getAgentAuthority(agent.profile).preset !== 'read-only',
  )
  // Many agents are in few folders, and each folder has to be looked up on the disk.
  const folders = new Set(editors.map(({ profile }) => profile.cwd))
  const inside = new Set([...folders].filter((folder) => isWithin(folder, project)))
  const ids = editors.flatMap(({ profile }) => (inside.has(profile.cwd) ? [profile.id] : []))
  if (ids.length === 0) return []
  return [`${nameFirst(ids, ', ')} may edit this folder too; isolation worktree gives an agent a copy`]
}

/** Whether a folder belongs to a project. A folder that is gone belongs to none. */
function isWithin(folder: string, project: string): boolean {
  return existsSync(folder) && findProjectRoot(folder) === project
}
