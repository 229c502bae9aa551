import { SubagentError, type McpChoice } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import type { Agent, Profile } from './agent.js'
import { checkCategory, checkMessage, checkSelector } from './check-order.js'
import { planRoute } from './plan-route.js'
import type { Supervisor } from './supervisor.js'

/** What a caller asks for. */
export type LaunchOrder = {
  prompt: string
  category: string
  provider?: string
  model?: string
  effort?: string
  /** The task has failed before: start from the strongest that have not tried it. */
  deadlock?: boolean
  /** Absolute, and exists. */
  cwd: string
  name?: string
  mcp?: McpChoice
  /** The same one, within a project, never launches twice. */
  requestId?: string
}

/** `repeated`: an earlier order with the same request id launched it. */
export type LaunchResult = { agent: Agent; repeated: boolean }

/**
 * Launches an agent and returns at once, before its process is up.
 * @throws SubagentError when the order cannot be carried out; nothing was launched then.
 */
export function launch(supervisor: Supervisor, caller: string, order: LaunchOrder): LaunchResult {
  const project = supervisor.fleet().callers.get(caller)?.project ?? order.cwd
  const earlier = findRequest(supervisor, project, order.requestId)
  if (earlier) return { agent: earlier, repeated: true }
  const at = supervisor.clock.now()
  const profile: Profile = {
    ...checkProfile(order),
    id: freshId(supervisor),
    caller,
    project,
    launchedAt: at,
  }
  const selector = checkSelector(order, [...supervisor.drivers.keys()])
  const plan = planRoute(supervisor, profile, { ...selector, deadlock: order.deadlock ?? false })
  const prompt = { id: supervisor.ids.message(), text: order.prompt }
  supervisor.dispatch({ type: 'launch-requested', at, profile, prompt, ...plan })
  return { agent: findAgent(supervisor, profile.id), repeated: false }
}

function findRequest(
  supervisor: Supervisor,
  project: string,
  requestId: string | undefined,
): Agent | undefined {
  if (requestId === undefined) return undefined
  return [...supervisor.fleet().agents.values()].find(
    ({ profile }) => profile.requestId === requestId && profile.project === project,
  )
}

type Checked = Omit<Profile, 'id' | 'caller' | 'project' | 'launchedAt'>

function checkProfile({ prompt, category, cwd, name, mcp, requestId }: LaunchOrder): Checked {
  checkMessage('prompt', prompt)
  return {
    category: checkCategory(category),
    task: createHash('sha256').update(prompt.replace(/\s+/g, ' ').trim()).digest('base64url'),
    mcp: mcp ?? 'none',
    cwd,
    ...(name !== undefined && { name: name.replace(/\s+/g, ' ').trim() }),
    ...(requestId !== undefined && { requestId }),
  }
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
  const hint = agents.size
    ? `agents are ${[...agents.keys()].slice(-20).join(', ')}`
    : 'none has been launched: launch_agent'
  throw new SubagentError('unknown-agent', `no agent '${id}'`, { hint })
}
