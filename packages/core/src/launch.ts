import {
  efforts,
  isTaskCategory,
  SubagentError,
  taskCategories,
  type Effort,
  type Failure,
  type McpChoice,
} from '@subagent-mcp/contract'
import type { Agent, Profile } from './agent.js'
import type { Supervisor } from './supervisor.js'

/** What a caller asks for. */
export type LaunchOrder = {
  prompt: string
  category: string
  provider?: string
  model?: string
  effort?: string
  /** Absolute, and exists. */
  cwd: string
  name?: string
  mcp?: McpChoice
  /** The same one, within a project, never launches twice. */
  requestId?: string
}

/** `repeated`: an earlier order with the same request id launched it. */
export type LaunchResult = { agent: Agent; repeated: boolean }

/** The longest message to an agent, in characters: more than any model's context holds. */
const longestMessage = 4_000_000

const defaultProvider = 'claude'

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
    ...checkLaunch(supervisor, caller, order),
    id: freshId(supervisor),
    caller,
    project,
    launchedAt: at,
  }
  const prompt = { id: supervisor.ids.message(), text: order.prompt }
  supervisor.dispatch({ type: 'launch-requested', at, profile, prompt })
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

function checkLaunch(supervisor: Supervisor, caller: string, order: LaunchOrder): Checked {
  const { category, model, effort, name, requestId } = order
  checkMessage('prompt', order.prompt)
  if (!isTaskCategory(category)) {
    const hint = `use one of ${Object.keys(taskCategories).join(', ')}`
    throw new SubagentError('unknown-category', `no task_category '${category}'`, { hint })
  }
  const provider = checkSelector(supervisor, order)
  const failure = supervisor.drivers.get(provider)?.preflight(supervisor.environmentOf(caller))
  if (failure) throw preflightError(failure)
  return {
    category,
    provider,
    mcp: order.mcp ?? 'none',
    cwd: order.cwd,
    ...(model !== undefined && { model }),
    ...(effort !== undefined && { effort: checkEffort(effort) }),
    ...(name !== undefined && { name: name.replace(/\s+/g, ' ').trim() }),
    ...(requestId !== undefined && { requestId }),
  }
}

/** @throws SubagentError for a message that no agent could take. */
export function checkMessage(parameter: string, text: string): void {
  if (text.trim() === '')
    throw new SubagentError('invalid-parameter', `${parameter} is empty`, { hint: 'say what to do' })
  if (text.length <= longestMessage) return
  throw new SubagentError(
    'invalid-parameter',
    `${parameter} has ${text.length} characters, at most ${longestMessage}`,
    {
      hint: 'write it to a file and name the file',
    },
  )
}

/** `model` needs `provider`, `effort` needs both. */
function checkSelector({ drivers }: Supervisor, { provider, model, effort }: LaunchOrder): string {
  const known = [...drivers.keys()].join(', ')
  if (provider === undefined && (model !== undefined || effort !== undefined)) {
    const hint = `give provider too (${known}), or leave both out`
    throw new SubagentError('model-without-provider', 'model and effort need a provider', { hint })
  }
  if (model === undefined && effort !== undefined) {
    throw new SubagentError('effort-without-model', 'effort needs a model', {
      hint: 'give model too, or leave effort out',
    })
  }
  if (provider !== undefined && !drivers.has(provider)) {
    throw new SubagentError('unknown-provider', `no provider '${provider}'`, { hint: `use one of ${known}` })
  }
  return provider ?? defaultProvider
}

function checkEffort(effort: string): Effort {
  const known = efforts.find((name) => name === effort)
  if (known) return known
  throw new SubagentError('invalid-parameter', `no effort '${effort}'`, {
    hint: `use one of ${efforts.join(', ')}`,
  })
}

function preflightError({ reason, message, hint }: Failure): SubagentError {
  const code = reason === 'not-signed-in' ? 'not-signed-in' : 'not-installed'
  return new SubagentError(code, message, hint === undefined ? {} : { hint })
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
