import {
  waitForHostWakeReason,
  findAgentByIdOrName,
  deleteDeliveredTask,
  findHostSession,
  interruptAgent,
  willAgentReportUnprompted,
  listPendingApprovals,
  pruneAgents,
  releaseAgent,
  loadCurrentTurnText,
  stopAgent,
  type Agent,
  type MessageResult,
  type Supervisor,
} from '@subagent-mcp/core'
import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import {
  type AgentSummary,
  daemonApi,
  type ChangeActionBody,
  type WaitForAgentsAnswer,
} from '@subagent-mcp/api'
import type { ChangeAction } from '@subagent-mcp/mcp-server'
import { waitForAgents } from '@subagent-mcp/runtime'
import { withClientConnection } from '../connections/with-client-connection.js'
import type { DaemonPort } from '../daemon-port.js'
import { createApiRoute, type HttpRoute } from '../http/route.js'
import { resolveAgentId, readAgentSummary } from './read-agent-summary.js'

/** The caller id under which agents are ended over HTTP. It stands for a person, who needs no report of the end. */
const person = 'api'

/** Routes of agents. */
export function createAgentRoutes(port: DaemonPort): HttpRoute[] {
  const { supervisor, nativeResume } = port
  const idOf = (word: string, strictly = false): string =>
    findAgentByIdOrName(supervisor, word, { strictly }).profile.id
  const showing = (agent: Agent): { agent: AgentSummary } => ({ agent: readAgentSummary(port, agent) })
  return [
    ...readingRoutes(port),
    ...messageRoutes(port),
    ...wakeRoutes(port),
    ...changeRoutes(port),
    createApiRoute(daemonApi.interruptAgent, ({ params }) => {
      const id = idOf(params.id)
      const interrupted = interruptAgent(supervisor, id)
      return { ...showing(findAgentByIdOrName(supervisor, id)), interrupted }
    }),
    createApiRoute(daemonApi.releaseAgent, async ({ params }) => {
      const agent = await releaseAgent(supervisor, idOf(params.id))
      const command = nativeResume(agent)
      return { ...showing(agent), ...(command && { command: [...command] }) }
    }),
    createApiRoute(daemonApi.killAgent, async ({ params }) =>
      showing(await stopAgent(supervisor, person, idOf(params.id, true))),
    ),
    createApiRoute(daemonApi.waitForAgents, async ({ body }, { signal, response }) => {
      const { agentIds, until, timeoutSeconds } = body
      const query = {
        agentIds: agentIds.map((word) => idOf(word)),
        until,
        timeout: timeoutSeconds * 1000,
        signal,
      }
      const { timedOut, agents } = await waitForAgents(supervisor, query)
      const left = agents.filter((agent) => isLeftTask(supervisor, agent))
      const read = readAnswers(supervisor, body.answers === true ? agents : left)
      response.once('finish', () => {
        for (const { profile } of left)
          if (profile.id in read.answers) void deleteDeliveredTask(supervisor, profile.id)
      })
      return { timedOut, agents: agents.map((agent) => readAgentSummary(port, agent)), ...read }
    }),
    createApiRoute(daemonApi.pruneAgents, ({ body: { agentIds, endedBeforeSeconds } }) => {
      const age = endedBeforeSeconds === undefined ? -Infinity : endedBeforeSeconds * 1000
      const named = agentIds?.map((word) => idOf(word, true))
      const query = { ...(named && { agentIds: named }), endedBefore: supervisor.clock.now() - age }
      return { removed: pruneAgents(supervisor, query) }
    }),
  ]
}

/** Reads the agents' texts in their newest turns, by id. One that the journal cannot read leaves the others readable. */
function readAnswers(
  supervisor: Supervisor,
  agents: readonly Agent[],
): Pick<WaitForAgentsAnswer, 'answers' | 'unreadable'> {
  const answers: Record<string, string> = {}
  const unreadable: Record<string, string> = {}
  for (const agent of agents) {
    try {
      answers[agent.profile.id] = loadCurrentTurnText(supervisor, agent)
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      unreadable[agent.profile.id] =
        error.hint === undefined ? error.message : `${error.message}: ${error.hint}`
    }
  }
  return { answers, ...(Object.keys(unreadable).length > 0 && { unreadable }) }
}

function readingRoutes(port: DaemonPort): HttpRoute[] {
  const { supervisor, history } = port
  return [
    createApiRoute(daemonApi.listAgents, ({ query }) => {
      const agents = [...supervisor.state().agents.values()].map((agent) => readAgentSummary(port, agent))
      return {
        agents: agents.filter(({ project }) => query.project === undefined || project === query.project),
      }
    }),
    createApiRoute(daemonApi.getAgent, ({ params }) => {
      const agent = findAgentByIdOrName(supervisor, params.id)
      const [first] = history.read({ agentId: agent.profile.id, limit: 1 }).facts
      const prompt = first?.fact.type === 'launch-requested' ? first.fact.prompt.text : undefined
      return {
        agent: readAgentSummary(port, agent),
        ...(prompt !== undefined && { prompt }),
        said: loadCurrentTurnText(supervisor, agent),
        checks: agent.turns.flatMap(({ check }, index) => (check ? [{ turn: index + 1, ...check }] : [])),
      }
    }),
  ]
}

function messageRoutes(port: DaemonPort): HttpRoute[] {
  return [
    createApiRoute(daemonApi.launchAgent, ({ body }, { traceparent }) => {
      const { environment: _, pid: _pid, cwd, ...options } = body
      return withClientConnection(port, body, async ({ port: { agents } }) => {
        // `cwd` is the folder of the caller; the definition may name another folder for the agent.
        const place = options.agent === undefined && { cwd }
        const launched = await agents.launch({ ...options, ...place, ...omitUndefined({ traceparent }) })
        const { agent, repeated, waiting, headroom } = launched
        return { agent: readAgentSummary(port, agent), repeated, ...waiting, ...omitUndefined({ headroom }) }
      })
    }),
    createApiRoute(
      daemonApi.sendMessage,
      ({ params: { id }, body: { text, files, steer = false, budget, ...actor } }) =>
        withClientConnection(port, actor, ({ port: { agents } }) => {
          const result = agents.send({ agentId: id, text, ...omitUndefined({ files, budget }), steer })
          return { outcome: result.type, agent: readAgentSummary(port, agents.find(id)), ...placeOf(result) }
        }),
    ),
  ]
}

/**
 * Routes by which a hook waits for a reason to wake its host. A session has one such request: when a newer one arrives, the older
 * one is answered with `replaced`, because after `/clear` the host may ignore the hook that sent it.
 */
function wakeRoutes({ supervisor }: DaemonPort): HttpRoute[] {
  const newest = new Map<string, AbortController>()
  return [
    createApiRoute(daemonApi.nextWake, async ({ query: { known = '', ...place } }, { signal }) => {
      const session = findHostSession(supervisor.state(), place)
      if (!session) return { type: 'over' as const }
      const replaced = new AbortController()
      newest.get(session.caller)?.abort()
      newest.set(session.caller, replaced)
      try {
        const query = { ...place, known: known.split(',') }
        const reason = await waitForHostWakeReason(
          supervisor,
          query,
          AbortSignal.any([signal, replaced.signal]),
        )
        return replaced.signal.aborted ? { type: 'replaced' as const } : reason
      } finally {
        if (newest.get(session.caller) === replaced) newest.delete(session.caller)
      }
    }),
  ]
}

function changeRoutes(port: DaemonPort): HttpRoute[] {
  const { worktrees } = port
  return [
    createApiRoute(daemonApi.getChanges, ({ params: { id } }) => worktrees.changes(resolveAgentId(port, id))),
    createApiRoute(daemonApi.actOnChanges, ({ params: { id }, body: { action, name = '', ...client } }) =>
      withClientConnection(port, client, ({ port: { changes } }) => changes.act(id, actionOf(action, name))),
    ),
    createApiRoute(daemonApi.listWorktrees, async () => ({ worktrees: await worktrees.list() })),
  ]
}

function actionOf(action: ChangeActionBody['action'], name: string): ChangeAction {
  return action === 'branch' ? { type: action, name } : { type: action }
}

/** Whether a task of a disconnected caller has ended. Only the client that waits for the task then gets its result. */
function isLeftTask({ state }: Supervisor, agent: Agent): boolean {
  const { id, pool, caller } = agent.profile
  if (!pool || state().callers.has(caller) || state().calls.has(id)) return false
  return !willAgentReportUnprompted(agent) && listPendingApprovals(agent).length === 0
}

/**
 * Returns the position of a message in the queue of its agent. If that agent waits for room: the agent's position in the queue of
 * the machine.
 */
function placeOf(result: MessageResult): { position?: number; lack?: string } {
  if (result.type === 'queued') return { position: result.position }
  return result.type === 'steered' ? {} : (result.waiting ?? {})
}
