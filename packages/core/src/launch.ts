import { keptOptions, pickKeys } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { readRule, type PermissionRule } from '@subagent-mcp/permissions'
import type { Agent, Profile } from './agent.js'
import { joinSetups } from './blueprint.js'
import { checkLauncher, checkPace, checkRoom } from './check-room.js'
import { callerOf, type CallerState } from './fleet.js'
import { checkFolder, checkServers, grantAuthority } from './grant-authority.js'
import type { LaunchRequest } from './launch-request.js'
import { isOwn, originNames, unknownAgent } from './own-agents.js'
import { planPinned, planRoute, type LaunchPlan } from './plan-route.js'
import { checkSameRequest, requestOf, taskOf } from './same-request.js'
import type { Supervisor } from './supervisor.js'
import { waitingFor, type Waiting } from './waiting.js'

/** What options are where neither the launch nor a definition says them. */
const defaults = { category: 'fallback_default', mcp: 'none', onHostExit: 'keep' } as const

/** `repeated`: an earlier order with the same request id launched it. `waiting`: the machine has no room for it yet. */
export type LaunchResult = { agent: Agent; repeated: boolean; waiting?: Waiting }

/**
 * Launches an agent and returns at once, before its process is up.
 * @throws SubagentError when the order cannot be carried out; nothing was launched then.
 */
export function launch(supervisor: Supervisor, caller: string, order: LaunchRequest): LaunchResult {
  const from = callerOf(supervisor.fleet(), caller, order.cwd)
  const earlier = findRequest(supervisor, { caller, project: from.project }, order.requestId)
  if (earlier) {
    checkSameRequest(earlier, order)
    return { agent: earlier, repeated: true }
  }
  const wanted: Profile = {
    ...requestedProfile(order),
    id: freshId(supervisor),
    caller,
    project: from.project,
    depth: from.depth + 1,
    ...originOf(supervisor, from),
    ...(from.terminal && { terminal: true }),
    ...(keepsQuestions(supervisor, from, order) && { unanswered: 'park' }),
    launchedAt: supervisor.clock.now(),
  }
  checkFolder(from, order.cwd)
  checkServers(from, order.setup)
  const allowed = order.allowedTools && readRules(order.allowedTools)
  const wish = { ...order, ...(allowed && { allowed }), usual: supervisor.usualPermissions }
  const { notes, ...rights } = grantAuthority(from, wish)
  const profile = { ...wanted, ...rights }
  const planned = planLaunch(supervisor, profile, order)
  const plan = { ...planned, notes: [...planned.notes, ...notes] }
  checkLauncher(supervisor, from)
  if (!profile.pool) checkPace(supervisor)
  supervisor.measure()
  if (order.queue === false) checkRoom(supervisor, plan.route.current)
  const prompt = { id: supervisor.ids.message(), text: order.prompt }
  supervisor.dispatch({ type: 'launch-requested', at: profile.launchedAt, profile, prompt, ...plan })
  const agent = findAgent(supervisor, profile.id)
  const waiting = waitingFor(supervisor.fleet(), agent, profile.launchedAt)
  return { agent, repeated: false, ...(waiting && { waiting }) }
}

/** @throws SubagentError `invalid-parameter` that names the text which is no rule */
function readRules(texts: readonly string[]): readonly PermissionRule[] {
  return texts.map((text) => {
    const read = readRule(text)
    if (read.type === 'rule') return read.rule
    const hint = 'correct the rule, or leave it out'
    throw new SubagentError('invalid-parameter', `allowedTools: ${read.problem}`, { hint })
  })
}

/** A person who launched an agent may come back to what it asks. The turns of a task and of a worker's agent are others' own. */
function keepsQuestions(
  { unanswered }: Supervisor,
  { attended }: CallerState,
  order: LaunchRequest,
): boolean {
  if (order.blueprint?.pool || order.unanswered === 'deny') return false
  return unanswered === undefined ? attended === true : unanswered === 'park'
}

function planLaunch(supervisor: Supervisor, profile: Profile, order: LaunchRequest): LaunchPlan {
  if (order.blueprint) return planPinned(supervisor, profile, order.blueprint.candidate)
  return planRoute(supervisor, profile, order)
}

/** An agent's requests are its own: an id that it guesses shows it no launch of another. */
function findRequest(
  supervisor: Supervisor,
  { caller, project }: { caller: string; project: string },
  requestId: string | undefined,
): Agent | undefined {
  if (requestId === undefined) return undefined
  const fleet = supervisor.fleet()
  return [...fleet.agents.values()].find(
    (agent) =>
      agent.profile.requestId === requestId &&
      agent.profile.project === project &&
      isOwn(fleet, caller, agent),
  )
}

/** Lets the agent that launches know its own again when its connection is another one. */
function originOf({ fleet }: Supervisor, { process }: CallerState): Pick<Profile, 'origin'> {
  return process ? { origin: originNames(fleet(), process) } : {}
}

/** What the request alone says of the agent. */
function requestedProfile(
  order: LaunchRequest,
): Omit<Profile, 'id' | 'caller' | 'project' | 'origin' | 'depth' | 'launchedAt'> {
  const { blueprint, ...options } = order
  return {
    ...pickKeys({ ...defaults, ...blueprint, ...options }, keptOptions),
    ...(order.requestId !== undefined && { request: requestOf(order) }),
    task: taskOf(order.prompt),
    ...placeOf(order),
  }
}

/** A pool makes its sessions itself: of those there are thousands, and their setup need not be kept with each. */
function placeOf({ blueprint, setup }: LaunchRequest): Pick<Profile, 'pool' | 'setup'> {
  if (blueprint?.pool) return { pool: blueprint.pool }
  return blueprint || setup ? { setup: joinSetups(blueprint?.setup ?? {}, setup ?? {}) } : {}
}

function freshId({ ids, fleet }: Supervisor): string {
  let id = ids.agent()
  while (fleet().agents.has(id)) id = ids.agent()
  return id
}

/** @throws SubagentError that names the ids which exist. */
export function findAgent(supervisor: Supervisor, id: string): Agent {
  const { agents } = supervisor.fleet()
  const agent = agents.get(id)
  if (agent) return agent
  throw unknownAgent(id, [...agents.keys()])
}
