import type { McpChoice, PermissionPreset } from '@subagent-mcp/contract'
import type { Agent, Profile } from './agent.js'
import { joinSetups, type Blueprint, type SessionSetup } from './blueprint.js'
import { checkAllowedTools, checkCategory, checkMessage, checkSelector, checkSole } from './check-order.js'
import { checkLauncher, checkPace, checkRoom } from './check-room.js'
import { callerOf, type CallerState } from './fleet.js'
import { checkFolder, checkServers, grantAuthority } from './grant-authority.js'
import { isOwn, originNames, unknownAgent } from './own-agents.js'
import { planPinned, planRoute, type LaunchPlan } from './plan-route.js'
import { checkSameRequest, requestOf, taskOf } from './same-request.js'
import type { Supervisor } from './supervisor.js'
import { waitingFor, type Waiting } from './waiting.js'

/** What a caller asks for. */
export type LaunchOrder = {
  prompt: string
  /** Left out with a blueprint, as are provider, prefer, model and effort: it says all of them. */
  category?: string
  blueprint?: Blueprint
  /** Only this provider's candidates; with a model exactly that one. */
  provider?: string
  /** This provider's candidates first, then the others. */
  prefer?: string
  model?: string
  effort?: string
  /** The task has failed before: start from the strongest that have not tried it. */
  deadlock?: boolean
  /** Absolute, and exists. */
  cwd: string
  name?: string
  mcp?: McpChoice
  /** At most the caller's own; the supervisor's usual ones unless given. */
  permissions?: PermissionPreset
  /** Launches at most once in a project: the same request again returns its agent, another request is refused. */
  requestId?: string
  /** Waits where the machine has no room; false refuses instead. */
  queue?: boolean
  /** What its sessions are opened with, beside what a blueprint says. */
  setup?: SessionSetup
  /** Rules, as they are written: what none of them lets pass is denied, and nothing is asked. */
  allowedTools?: readonly string[]
  /** Its session stays open where it idles. */
  keepOpen?: true
  /** A question that nobody answers in time is denied, whoever launched it: its turns are a program's own. */
  unanswered?: 'deny'
  /** `keep` unless given: it goes on when the host that launched it is gone. */
  onHostExit?: 'keep' | 'kill'
}

/** `repeated`: an earlier order with the same request id launched it. `waiting`: the machine has no room for it yet. */
export type LaunchResult = { agent: Agent; repeated: boolean; waiting?: Waiting }

/**
 * Launches an agent and returns at once, before its process is up.
 * @throws SubagentError when the order cannot be carried out; nothing was launched then.
 */
export function launch(supervisor: Supervisor, caller: string, order: LaunchOrder): LaunchResult {
  const from = callerOf(supervisor.fleet(), caller, order.cwd)
  const earlier = findRequest(supervisor, { caller, project: from.project }, order.requestId)
  if (earlier) {
    checkSameRequest(earlier, order)
    return { agent: earlier, repeated: true }
  }
  const wanted: Profile = {
    ...checkProfile(order),
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
  const allowed = order.allowedTools && checkAllowedTools(order.allowedTools)
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

/** A person who launched an agent may come back to what it asks. The turns of a task and of a worker's agent are others' own. */
function keepsQuestions({ unanswered }: Supervisor, { attended }: CallerState, order: LaunchOrder): boolean {
  if (order.blueprint?.pool || order.unanswered === 'deny') return false
  return unanswered === undefined ? attended === true : unanswered === 'park'
}

function planLaunch(supervisor: Supervisor, profile: Profile, order: LaunchOrder): LaunchPlan {
  if (order.blueprint) return planPinned(supervisor, profile, order.blueprint.candidate)
  const selector = checkSelector(order, [...supervisor.drivers.keys()])
  return planRoute(supervisor, profile, { ...selector, deadlock: order.deadlock ?? false })
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

type Checked = Omit<
  Profile,
  | 'id'
  | 'caller'
  | 'project'
  | 'origin'
  | 'depth'
  | 'authority'
  | 'named'
  | 'terminal'
  | 'unanswered'
  | 'launchedAt'
>

function checkProfile(order: LaunchOrder): Checked {
  const { prompt, cwd, blueprint, requestId, onHostExit = 'keep' } = order
  checkMessage('prompt', prompt)
  checkSole(order)
  const name = order.name ?? blueprint?.name
  return {
    category: blueprint?.category ?? checkCategory(order.category),
    task: taskOf(prompt),
    mcp: blueprint?.mcp ?? order.mcp ?? 'none',
    cwd,
    onHostExit,
    ...(name !== undefined && { name: name.replace(/\s+/g, ' ').trim() }),
    ...(requestId !== undefined && { requestId, request: requestOf(order) }),
    ...(order.keepOpen && { keepOpen: true }),
    ...placeOf(order),
  }
}

/** A pool makes its sessions itself: of those there are thousands, and their setup need not be kept with each. */
function placeOf({ blueprint, setup }: LaunchOrder): Pick<Profile, 'pool' | 'setup'> {
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
