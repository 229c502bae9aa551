import type { PooledAgent, PooledProcess } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  offerReportsToCaller,
  answerPermission,
  waitForTask,
  cancelWaitTicket,
  addAgentToWaitTicket,
  markWaitTicketUnpolled,
  pollWaitTicket,
  openWaitTicket,
  findAgentOfCaller,
  launchSupervisedAgent,
  launchTask,
  selectNewReports,
  listAgentsOfCaller,
  sendMessage,
  stopAgent,
  waitForReports,
  type LaunchTemplate,
  type Supervisor,
} from '@subagent-mcp/core'
import type { AgentsPort, DefinedAgents } from './ports/agents-port.js'

/** Agents without files: one that is defined, and what the test lets be live of it. */
export type ManualAgents = {
  listed: PooledAgent[]
  warmed: { cache: boolean }[]
  /** The definitions; a test may replace methods. */
  defined: DefinedAgents
  /** Replaces the definitions by examples with these names. */
  define(...names: readonly string[]): void
  portOf(caller: string): AgentsPort
}

function exampleDefinition(name: string): PooledAgent {
  const figures = { tasks: 0, processes: 0, usage: {} }
  return {
    name,
    description: `Does ${name}.`,
    provider: 'claude',
    path: `/p/${name}.md`,
    processes: [],
    figures,
  }
}

const reviewer: LaunchTemplate = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  authority: { preset: 'ask', rules: { deny: [], ask: [], allow: [] } },
  setup: { appendSystemPrompt: 'You review.' },
}

/** An example of a pooled process, 12 s old at the start of the manual clock. */
export const examplePooledProcess: PooledProcess = {
  key: 'k1',
  agent: 'reviewer',
  project: '/p',
  provider: 'claude',
  pid: 4711,
  status: 'warm',
  startedAt: 988_000,
  tasks: 3,
  memory: 210 * 1024 * 1024,
  lastResetAt: 999_000,
}

/** Creates agents without warm processes. */
export function createManualAgents(supervisor: Supervisor): ManualAgents {
  const warmed: { cache: boolean }[] = []
  const listed: PooledAgent[] = []
  const listeners = new Set<() => void>()
  const defined: DefinedAgents = {
    definitions: () => listed,
    onDefinitionsChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    warm: (_name, { cache }) => {
      warmed.push({ cache })
      return Promise.resolve(examplePooledProcess)
    },
    reset: () => Promise.resolve(2),
  }
  const define: ManualAgents['define'] = (...agents) => {
    listed.splice(0, listed.length, ...agents.map(exampleDefinition))
    for (const listener of listeners) listener()
  }
  return { listed, warmed, defined, define, portOf: (caller) => portOf(supervisor, caller, defined) }
}

const strictly = { strictly: true }

/** The agents port of a caller as in the runtime, but without reading folders and definition files. */
function portOf(supervisor: Supervisor, caller: string, defined: DefinedAgents): AgentsPort {
  const find: AgentsPort['find'] = (id) => findAgentOfCaller(supervisor, caller, id)
  return {
    find,
    list: () => listAgentsOfCaller(supervisor.state(), caller),
    launch: ({ agent, cwd: _, ...options }) => {
      const template = agent === undefined ? {} : { template: templateOf(agent) }
      const launched = launchSupervisedAgent(supervisor, caller, { ...options, ...template, cwd: '/p' })
      addAgentToWaitTicket(supervisor, caller, launched.agent.profile.id)
      return Promise.resolve(launched)
    },
    startTask: ({ agent, task }) => {
      const pool = { agent, key: 'k1', max: 4, timeoutMs: 300_000 }
      const launched = launchTask(supervisor, caller, {
        ...{ prompt: task, cwd: '/p' },
        template: { ...templateOf(agent), pool },
      })
      return Promise.resolve(launched)
    },
    taskResult: async (agentId, { signal }) => {
      const result = await waitForTask(supervisor, agentId, signal)
      const news = selectNewReports(supervisor.state(), caller, find(agentId))
      const offered = result.type === 'cancelled' ? [] : [news]
      return { ...result, news, ...offerReportsToCaller(supervisor, { caller, news: offered }) }
    },
    send: (message) =>
      sendMessage(supervisor, { ...message, agentId: find(message.agentId).profile.id, caller }),
    answer: (answer) =>
      answerPermission(supervisor, { ...answer, agentId: find(answer.agentId).profile.id, caller }),
    wait: (query) => waitForReports(supervisor, { ...query, caller }, query),
    openTicket: (query) => {
      query.agentIds?.forEach(find)
      return openWaitTicket(supervisor, caller, query)
    },
    ticket: (look) => pollWaitTicket(supervisor, caller, look),
    leaveTicket: (ticketId) => {
      markWaitTicketUnpolled(supervisor, caller, ticketId)
    },
    cancelTicket: (ticketId) => {
      cancelWaitTicket(supervisor, caller, ticketId)
    },
    kill: (word) =>
      stopAgent(supervisor, caller, findAgentOfCaller(supervisor, caller, word, strictly).profile.id),
    definitions: () => defined.definitions(),
    onDefinitionsChange: (listener) => defined.onDefinitionsChange(listener),
    warm: (...options) => defined.warm(...options),
    reset: (name) => defined.reset(name),
  }
}

function templateOf(name: string): LaunchTemplate {
  if (name === 'reviewer') return reviewer
  throw new SubagentError('unknown-definition', `no agent '${name}' is defined`)
}
