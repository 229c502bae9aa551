import { SubagentError } from '@subagent-mcp/contract'
import {
  waitForTask,
  cancelWaitTicket,
  addAgentToWaitTicket,
  markWaitTicketUnpolled,
  pollWaitTicket,
  openWaitTicket,
  selectNewReports,
  offerReportsToCaller,
  listOpenQuestions,
  waitForFact,
  answerPermission,
  findAgentOfCaller,
  launchSupervisedAgent,
  launchTask,
  listAgentsOfCaller,
  sendMessage,
  stopAgent,
  waitForReports,
  type Agent,
  type LaunchResult,
  type Supervisor,
} from '@subagent-mcp/core'
import type { TaskWithReports, TaskWaitOptions, AgentsPort, TaskOptions } from '@subagent-mcp/mcp-server'
import { existsSync } from 'node:fs'
import { prepareLaunchAcceptance } from '../acceptance/prepare-launch-acceptance.js'
import {
  checkRequestedSchema,
  launchAgent,
  addCallerLaunchRules,
  type LaunchContext,
} from './launch-agent.js'

/** One caller, and the parts of the runtime that its operations use. */
export type CallerAgentsContext = LaunchContext & {
  /** Takes over the agents of runtimes that have ended; when the function returns, these agents are known. Default: does nothing. */
  recover?: () => void
}

/**
 * Creates the operations of one caller on agents. MCP tools, HTTP routes and the embedding program all use these operations, and
 * add no rules of their own.
 */
export function createCallerAgents(parts: CallerAgentsContext): AgentsPort {
  const { supervisor, caller, definitions } = parts
  const find: AgentsPort['find'] = (word) =>
    orRecovered(parts, () => findAgentOfCaller(supervisor, caller, word))
  const idOf = (word: string): string => find(word).profile.id
  return {
    find,
    list: () => listAgentsOfCaller(supervisor.state(), caller),
    launch: (options) => launchAgent(parts, options),
    startTask: (options) => startTask(parts, options),
    taskResult: (agentId, options) => taskResult(parts, idOf(agentId), options),
    send: (message) => {
      const agentId = checkedFolder(find(message.agentId)).profile.id
      const sent = sendMessage(supervisor, { ...message, agentId, caller })
      addAgentToWaitTicket(supervisor, caller, agentId)
      return sent
    },
    answer: (answer) => answerPermission(supervisor, { ...answer, agentId: idOf(answer.agentId), caller }),
    wait: ({ agentIds, until, ...patience }) => {
      const query = { caller, until, ...(agentIds && { agentIds: [...new Set(agentIds.map(idOf))] }) }
      return waitForReports(supervisor, query, patience)
    },
    openTicket: (query) => {
      query.agentIds?.forEach(find)
      return openWaitTicket(supervisor, caller, query)
    },
    ticket: (look) => orRecovered(parts, () => pollWaitTicket(supervisor, caller, look)),
    leaveTicket: (ticketId) => {
      markWaitTicketUnpolled(supervisor, caller, ticketId)
    },
    cancelTicket: (ticketId) => {
      cancelWaitTicket(supervisor, caller, ticketId)
    },
    kill: (word) =>
      stopAgent(
        supervisor,
        caller,
        findAgentOfCaller(supervisor, caller, word, { strictly: true }).profile.id,
      ),
    definitions: definitions.list,
    onDefinitionsChange: definitions.onDefinitionsChange,
    warm: definitions.warm,
    reset: definitions.reset,
  }
}

/** Finds an agent or ticket. If it is unknown, recovers the agents of ended runtimes and tries again. */
function orRecovered<Found>({ recover }: Pick<CallerAgentsContext, 'recover'>, find: () => Found): Found {
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

/** Checks that the worktree of an agent is still there, because its session cannot go on without it. @throws SubagentError `agent-dead` */
function checkedFolder(agent: Agent): Agent {
  const { id, source, cwd } = agent.profile
  if (source === undefined || existsSync(cwd)) return agent
  throw new SubagentError(
    'agent-dead',
    `the worktree of agent '${id}' is gone, so the agent takes no message`,
    {
      hint: 'launch a new agent',
    },
  )
}

async function startTask(
  parts: CallerAgentsContext,
  { agent, task, cwd, timeoutMs, ...options }: TaskOptions,
): Promise<LaunchResult> {
  const { supervisor, caller, definitions, kind } = parts
  const { template, ...place } = definitions.launchTemplate(agent, { cwd, pooled: true })
  if (template.isolation === 'worktree') throw notPooled(agent)
  const pool = template.pool && { ...template.pool, ...(timeoutMs !== undefined && { timeoutMs }) }
  const request = { prompt: task, ...options, ...place, template: { ...template, ...(pool && { pool }) } }
  const checking = checkRequestedSchema(request)
  if (checking) await checking
  const prepared = prepareLaunchAcceptance(parts, addCallerLaunchRules(parts, request))
  return (kind === 'host' ? launchTask : launchSupervisedAgent)(supervisor, caller, prepared)
}

function notPooled(name: string): SubagentError {
  const message = `agent '${name}' works in a worktree of its own, which a warm process cannot have`
  return new SubagentError('not-supported', message, { hint: `use launch_agent with agent ${name}` })
}

/**
 * Waits until a task is over or asks for permission. With `answersQuestions` a permission request does not end the wait, because
 * the caller answers it.
 */
async function taskResult(
  { supervisor, caller }: { supervisor: Supervisor; caller: string },
  agentId: string,
  { signal, answersQuestions = false }: TaskWaitOptions,
): Promise<TaskWithReports> {
  const asks = (): boolean => {
    const task = supervisor.state().agents.get(agentId)
    return task !== undefined && listOpenQuestions(task).length > 0
  }
  let result = await waitForTask(supervisor, agentId, signal)
  // The question may have been answered before this line runs; the task then continues.
  while (result.type === 'asks' && (answersQuestions || !asks())) {
    await waitForFact(supervisor, () => !asks() || undefined, { signal })
    result = await waitForTask(supervisor, agentId, signal)
  }
  const state = supervisor.state()
  const news = selectNewReports(state, caller, state.agents.get(agentId) ?? result.agent)
  const offered = result.type === 'cancelled' ? [] : [news]
  return { ...result, news, ...offerReportsToCaller(supervisor, { caller, news: offered }) }
}
