import { storedLaunchOptions, pickSchemaKeys } from '@subagent-mcp/api'
import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { checkPermissionRule, type PermissionRule } from '@subagent-mcp/permissions'
import type { Agent, AgentProfile } from '../agent/agent.js'
import { formatAccountHeadroom } from '../budget/account-budgets.js'
import { listLaunchersOfAgent } from '../budget/turn-usage-sum.js'
import { checkAgentBudget } from '../budget/check-budget.js'
import { findAgentAccount, chooseAccountsByProvider } from '../accounts/named-accounts.js'
import { resolveAttachedFiles } from '../attachments/resolve-attached-files.js'
import { mergeSessionSetups } from './launch-template.js'
import { checkLaunchAllowed, checkLaunchRate, checkLaunchCapacity } from '../capacity/check-launch-allowed.js'
import { getCallerState, type CallerState } from '../state/agents-state.js'
import {
  checkLaunchFolder,
  checkGatePermissions,
  checkLaunchMcpServers,
  grantLaunchAuthority,
} from './grant-launch-authority.js'
import type { LaunchRequest } from './launch-request.js'
import {
  findNamedAgent,
  isAgentOfCaller,
  listLaunchOriginNames,
  createUnknownAgentError,
  type FindAgentOptions,
} from '../state/agents-of-caller.js'
import { planRouteOfDefinition, planLaunchRoute, type LaunchPlan } from './plan-launch-route.js'
import { checkSameRequest, hashLaunchRequest, hashTask } from './check-same-request.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { findQueuePosition, type QueuePosition } from '../capacity/queue-position.js'

/** Defaults for launch options that neither the launch nor a definition sets. */
const defaults = { category: 'fallback_default', mcp: 'none', onHostExit: 'keep' } as const

/** A launched agent. `repeated`: an earlier request with the same id launched it. `waiting`: it lacks room. */
export type LaunchResult = {
  agent: Agent
  repeated: boolean
  waiting?: QueuePosition
  /** The known share of the provider's account limits that is left. */
  headroom?: string
}

/** Launches an agent. Returns when the launch is journaled, before a process starts. @throws SubagentError */
export function launchSupervisedAgent(
  supervisor: Supervisor,
  caller: string,
  order: LaunchRequest,
): LaunchResult {
  const from = getCallerState(supervisor.state(), caller, order.cwd)
  const earlier = findRepeatedLaunch(supervisor, caller, order)
  if (earlier) return earlier
  const wanted: AgentProfile = {
    ...requestedProfile(order),
    id: order.worktree?.id ?? createUnusedAgentId(supervisor),
    caller,
    project: from.project,
    depth: from.depth + 1,
    ...originOf(supervisor, from),
    ...omitUndefined({ reviewOf: order.reviewOf, traceparent: order.traceparent }),
    ...launchAccounts(supervisor, caller, order),
    ...(from.terminal && { terminal: true }),
    ...(from.turn && { thread: from.turn.thread }),
    ...(keepsQuestions(supervisor, from, order) && { unanswered: 'park' }),
    launchedAt: supervisor.clock.now(),
  }
  checkLaunchFolder(from, order.cwd)
  checkLaunchMcpServers(from, order.setup)
  const allowed = order.allowedTools && readRules(order.allowedTools)
  const wish = { ...order, ...(allowed && { allowed }), defaultPermissions: supervisor.defaultPermissions }
  const { notes, ...rights } = grantLaunchAuthority(from, wish)
  const profile = { ...wanted, ...rights }
  checkGatePermissions(supervisor.judge, profile, order.gates)
  const attached = resolveAttachedFiles(supervisor, profile, order.files)
  const planned = planLaunch(supervisor, profile, order)
  const plan = { ...planned, notes: [...planned.notes, ...notes, ...(order.remarks ?? [])] }
  checkLaunchAllowed(supervisor, from)
  checkAgentBudget(supervisor, profile)
  if (!profile.pool) checkLaunchRate(supervisor)
  supervisor.measure()
  if (order.queue === false) checkLaunchCapacity(supervisor, plan.route.current)
  const prompt = {
    id: supervisor.ids.message(),
    text: order.attached === undefined ? order.prompt : `${order.prompt}\n\n${order.attached}`,
    ...attached,
  }
  supervisor.dispatch({ type: 'launch-requested', at: profile.launchedAt, profile, prompt, ...plan })
  const agent = findAgentByIdOrName(supervisor, profile.id)
  const waiting = findQueuePosition(supervisor.state(), agent, profile.launchedAt)
  const { name } = findAgentAccount(profile, plan.route.current.provider)
  const headroom = formatAccountHeadroom(supervisor.state().accountLimits, name, profile.launchedAt)
  return { agent, repeated: false, ...omitUndefined({ waiting, headroom }) }
}

/** Returns the launch with the same request id, if there was one. @throws SubagentError `request-id-used` for a different one */
export function findRepeatedLaunch(
  supervisor: Supervisor,
  caller: string,
  order: LaunchRequest,
): LaunchResult | undefined {
  const { project } = getCallerState(supervisor.state(), caller, order.cwd)
  const earlier = findRequest(supervisor, { caller, project }, order.requestId)
  if (!earlier) return undefined
  checkSameRequest(earlier, order)
  return { agent: earlier, repeated: true }
}

/** Chooses the accounts of a launch. An agent's agents use its accounts. @throws SubagentError `invalid-parameter` for an unknown one */
function launchAccounts(
  supervisor: Supervisor,
  caller: string,
  { account, template, cwd }: LaunchRequest,
): Pick<AgentProfile, 'accounts'> {
  const { state, environmentOf } = supervisor
  const [launcher] = listLaunchersOfAgent(state(), originOf(supervisor, getCallerState(state(), caller, cwd)))
  return chooseAccountsByProvider(supervisor, {
    environment: environmentOf(caller),
    ...omitUndefined({ wanted: account ?? template?.account, inherited: launcher?.profile.accounts }),
  })
}

/** Reads permission rules. @throws SubagentError `invalid-parameter` that quotes the wrong rule */
function readRules(texts: readonly string[]): readonly PermissionRule[] {
  return texts.map((text) => {
    const read = checkPermissionRule(text)
    if (read.type === 'rule') return read.rule
    const hint = 'correct the rule, or leave it out'
    throw new SubagentError('invalid-parameter', `allowedTools: ${read.problem}`, { hint })
  })
}

/** Whether expired questions of the agent stay open. Default: if a person launched it; never for tasks. */
function keepsQuestions(
  { unanswered }: Supervisor,
  { attended }: CallerState,
  order: LaunchRequest,
): boolean {
  if (order.template?.pool || order.unanswered === 'deny') return false
  return unanswered === undefined ? attended === true : unanswered === 'park'
}

function planLaunch(supervisor: Supervisor, profile: AgentProfile, order: LaunchRequest): LaunchPlan {
  if (order.template) return planRouteOfDefinition(supervisor, profile, order.template)
  return planLaunchRoute(supervisor, profile, order)
}

/** Finds the caller's agent with this request id. Agents of other callers are ignored, so that a guessed id reveals nothing. */
function findRequest(
  supervisor: Supervisor,
  { caller, project }: { caller: string; project: string },
  requestId: string | undefined,
): Agent | undefined {
  if (requestId === undefined) return undefined
  const state = supervisor.state()
  return [...state.agents.values()].find(
    (agent) =>
      agent.profile.requestId === requestId &&
      agent.profile.project === project &&
      isAgentOfCaller(state, caller, agent),
  )
}

/** Names the process that launches an agent, so that its later connections are recognized as the same launcher. */
function originOf({ state }: Supervisor, { process }: CallerState): Pick<AgentProfile, 'origin'> {
  return process ? { origin: listLaunchOriginNames(state(), process) } : {}
}

function requestedProfile(
  order: LaunchRequest,
): Omit<AgentProfile, 'id' | 'caller' | 'project' | 'origin' | 'reviewOf' | 'depth' | 'launchedAt'> {
  const { template, ...options } = order
  return {
    ...pickSchemaKeys({ ...defaults, ...template, ...options }, storedLaunchOptions),
    ...(order.requestId !== undefined && { request: hashLaunchRequest(order) }),
    task: hashTask(order),
    ...(template && { definition: template.name }),
    ...(order.gates && { accept: { ...(order.accept ?? template?.accept), run: order.gates } }),
    ...(order.worktree && { isolation: 'worktree' as const, cwd: order.worktree.folder, source: order.cwd }),
    ...placeOf(order),
  }
}

/** The pool of the agent, or its session settings. A task keeps no settings, because its pool makes its sessions. */
function placeOf({ template, setup }: LaunchRequest): Pick<AgentProfile, 'pool' | 'setup'> {
  if (template?.pool) return { pool: template.pool }
  return template || setup ? { setup: mergeSessionSetups(template?.setup ?? {}, setup ?? {}) } : {}
}

/** Returns an id that no agent of the supervisor has. */
export function createUnusedAgentId({ ids, state }: Pick<Supervisor, 'ids' | 'state'>): string {
  let id = ids.agent()
  while (state().agents.has(id)) id = ids.agent()
  return id
}

/** Finds an agent by its id or its name. @throws SubagentError `unknown-agent` that lists the existing ids, `ambiguous-agent` */
export function findAgentByIdOrName(
  supervisor: Supervisor,
  word: string,
  options: FindAgentOptions = {},
): Agent {
  const { agents } = supervisor.state()
  const agent = agents.get(word) ?? findNamedAgent([...agents.values()], word, options)
  if (agent) return agent
  throw createUnknownAgentError(word, [...agents.keys()])
}
