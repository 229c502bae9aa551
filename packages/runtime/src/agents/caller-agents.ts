import type { LaunchOptions } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  awaitTask,
  cancelTicket,
  earlierLaunch,
  joinOpenTicket,
  leaveTicket,
  lookAtTicket,
  openTicket,
  newReports,
  offerReports,
  openQuestions,
  untilFact,
  answerPermission,
  findOwnAgent,
  launch,
  launchTask,
  ownAgents,
  sendMessage,
  stopAgent,
  waitForReports,
  type LaunchRequest,
  type LaunchResult,
  type Supervisor,
} from '@subagent-mcp/core'
import type { DeliveredTask, TaskWait, AgentsPort, TaskOptions } from '@subagent-mcp/mcp-server'
import { collectChanges } from '../changes/collect-changes.js'
import type { CallerDefinitions } from '../definitions/agent-service.js'

/** One caller, and the parts of the runtime that its operations use. */
export type CallerAgentsParts = {
  supervisor: Supervisor
  caller: string
  definitions: CallerDefinitions
  /** Returns an existing folder, from a path relative to the caller's own. @throws SubagentError `cwd-missing` */
  folderOf(path: string | undefined): string
  /**
   * The kind of caller. A `host` may repeat a task after it has lost the answer. A `worker` ends its agents itself. A `request` is
   * one command or HTTP request.
   */
  kind: 'host' | 'worker' | 'request'
  /** The default of the launch option `onHostExit`: whether a host's agents continue when the host exits. */
  onHostExit: 'keep' | 'kill'
  /** Takes over the agents of runtimes that have ended; when it returns, these agents are known. Default: does nothing. */
  recover?: () => void
}

/**
 * Creates the operations of one caller on agents. MCP tools, HTTP routes and the embedding program all use these operations, and
 * add no rules of their own.
 */
export function createCallerAgents(parts: CallerAgentsParts): AgentsPort {
  const { supervisor, caller, definitions } = parts
  const find: AgentsPort['find'] = (word) => orRecovered(parts, () => findOwnAgent(supervisor, caller, word))
  const idOf = (word: string): string => find(word).profile.id
  return {
    find,
    list: () => ownAgents(supervisor.state(), caller),
    launch: (options) => launchAgent(parts, options),
    startTask: (options) => startTask(parts, options),
    taskResult: (agentId, options) => taskResult(parts, idOf(agentId), options),
    send: (message) => {
      const agentId = idOf(message.agentId)
      const sent = sendMessage(supervisor, { ...message, agentId, caller })
      joinOpenTicket(supervisor, caller, agentId)
      return sent
    },
    answer: (answer) => answerPermission(supervisor, { ...answer, agentId: idOf(answer.agentId), caller }),
    wait: ({ agentIds, until, ...patience }) => {
      const query = { caller, until, ...(agentIds && { agentIds: [...new Set(agentIds.map(idOf))] }) }
      return waitForReports(supervisor, query, patience)
    },
    openTicket: (query) => {
      query.agentIds?.forEach(find)
      return openTicket(supervisor, caller, query)
    },
    ticket: (look) => orRecovered(parts, () => lookAtTicket(supervisor, caller, look)),
    leaveTicket: (ticketId) => {
      leaveTicket(supervisor, caller, ticketId)
    },
    cancelTicket: (ticketId) => {
      cancelTicket(supervisor, caller, ticketId)
    },
    kill: (word) =>
      stopAgent(supervisor, caller, findOwnAgent(supervisor, caller, word, { strictly: true }).profile.id),
    definitions: definitions.list,
    onDefinitionsChange: definitions.onDefinitionsChange,
    warm: definitions.warm,
    reset: definitions.reset,
  }
}

/** Finds an agent or ticket. If it is unknown, recovers the agents of ended runtimes and tries again. */
function orRecovered<Found>({ recover }: Pick<CallerAgentsParts, 'recover'>, find: () => Found): Found {
  try {
    return find()
  } catch (error) {
    const isUnknown =
      error instanceof SubagentError && (error.code === 'unknown-agent' || error.code === 'invalid-parameter')
    if (!isUnknown || !recover) throw error
    recover()
    return find()
  }
}

async function launchAgent(
  parts: CallerAgentsParts,
  { agent, cwd, ...options }: LaunchOptions,
): Promise<LaunchResult> {
  const { supervisor, caller, definitions, folderOf } = parts
  const { provider } = options
  const place =
    agent === undefined
      ? { cwd: folderOf(cwd) }
      : definitions.launchTemplate(agent, { cwd, provider, pooled: false })
  const request = withRules(parts, { ...options, ...place })
  // Nothing is awaited without changes, so that a wait which follows immediately finds the agent.
  const whole = request.changes === undefined ? request : await withChanges(parts, request, request.changes)
  const launched = launch(supervisor, caller, whole)
  joinOpenTicket(supervisor, caller, launched.agent.profile.id)
  return launched
}

function startTask(parts: CallerAgentsParts, { agent, task, cwd, timeoutMs }: TaskOptions): LaunchResult {
  const { supervisor, caller, definitions, kind } = parts
  const { template, ...place } = definitions.launchTemplate(agent, { cwd, pooled: true })
  const pool = template.pool && { ...template.pool, ...(timeoutMs !== undefined && { timeoutMs }) }
  const request = { prompt: task, ...place, template: { ...template, ...(pool && { pool }) } }
  return (kind === 'host' ? launchTask : launch)(supervisor, caller, withRules(parts, request))
}

/** Adds the text of the changes that the launch names, unless it repeats an earlier one. */
async function withChanges(
  { supervisor, caller }: CallerAgentsParts,
  request: LaunchRequest,
  changes: string,
): Promise<LaunchRequest> {
  if (earlierLaunch(supervisor, caller, request)) return request
  const { cwd: folder } = request
  const environment = supervisor.environmentOf(caller)
  return { ...request, attached: await collectChanges({ changes, folder, environment }) }
}

/**
 * Adds the launch settings that depend on the kind of caller. A worker's agent outlives the worker, so that a later worker can
 * resume it.
 */
function withRules({ kind, onHostExit }: CallerAgentsParts, request: LaunchRequest): LaunchRequest {
  if (kind === 'worker') return { ...request, onHostExit: 'keep', onLimit: 'fail', unanswered: 'deny' }
  return kind === 'host' ? { onHostExit, ...request } : request
}

/**
 * Waits until a task is over or asks for permission. With `answersQuestions` a permission request does not end the wait, because
 * the caller answers it.
 */
async function taskResult(
  { supervisor, caller }: { supervisor: Supervisor; caller: string },
  agentId: string,
  { signal, answersQuestions = false }: TaskWait,
): Promise<DeliveredTask> {
  const asks = (): boolean => {
    const task = supervisor.state().agents.get(agentId)
    return task !== undefined && openQuestions(task).length > 0
  }
  let result = await awaitTask(supervisor, agentId, signal)
  // The question may have been answered before this line runs; the task then continues.
  while (result.type === 'asks' && (answersQuestions || !asks())) {
    await untilFact(supervisor, () => !asks() || undefined, { signal })
    result = await awaitTask(supervisor, agentId, signal)
  }
  const state = supervisor.state()
  const news = newReports(state, caller, state.agents.get(agentId) ?? result.agent)
  const offered = result.type === 'cancelled' ? [] : [news]
  return { ...result, news, ...offerReports(supervisor, { caller, news: offered }) }
}
