import {
  answerPermission,
  findAgent,
  interruptAgent,
  launch,
  pruneAgents,
  releaseAgent,
  saidSoFar,
  sendMessage,
  stopAgent,
  summarizeAgent,
  type Agent,
  type AgentSummary,
  type MessageResult,
} from '@subagent-mcp/core'
import { api } from '../api/api.js'
import type { DaemonPort, Guest, Visit } from './port.js'
import { route, type Route } from './route.js'
import { waitForAgents } from './wait-for-agents.js'

/** Who ends an agent through the API: the person at the terminal, whom nobody need tell. */
const person = 'api'

/** What can be asked and ordered of agents. */
export function agentRoutes(port: DaemonPort): Route[] {
  const { supervisor, nativeResume } = port
  const showing = (agent: Agent): { agent: AgentSummary } => ({ agent: show(port, agent) })
  return [
    ...readingRoutes(port),
    ...messageRoutes(port),
    route(api.answerPermission, ({ params, body }) => {
      const { requestId, tool } = answerPermission(supervisor, { agentId: params.id, ...body })
      return { ...showing(findAgent(supervisor, params.id)), answered: { requestId, tool } }
    }),
    route(api.interruptAgent, ({ params }) => {
      const interrupted = interruptAgent(supervisor, params.id)
      return { ...showing(findAgent(supervisor, params.id)), interrupted }
    }),
    route(api.releaseAgent, async ({ params }) => {
      const agent = await releaseAgent(supervisor, params.id)
      const command = nativeResume(agent)
      return { ...showing(agent), ...(command && { command: [...command] }) }
    }),
    route(api.killAgent, async ({ params }) => showing(await stopAgent(supervisor, person, params.id))),
    route(api.waitForAgents, async ({ body }, { signal }) => {
      const { timedOut, agents } = await waitForAgents(supervisor, body, signal)
      return { timedOut, agents: agents.map((agent) => show(port, agent)) }
    }),
    route(api.pruneAgents, ({ body: { agentIds, endedBeforeSeconds } }) => {
      const age = endedBeforeSeconds === undefined ? -Infinity : endedBeforeSeconds * 1000
      const query = { ...(agentIds && { agentIds }), endedBefore: supervisor.clock.now() - age }
      return { removed: pruneAgents(supervisor, query) }
    }),
  ]
}

function readingRoutes(port: DaemonPort): Route[] {
  const { supervisor, history } = port
  return [
    route(api.listAgents, ({ query }) => {
      const agents = [...supervisor.fleet().agents.values()].map((agent) => show(port, agent))
      return {
        agents: agents.filter(({ project }) => query.project === undefined || project === query.project),
      }
    }),
    route(api.getAgent, ({ params }) => {
      const agent = findAgent(supervisor, params.id)
      const [first] = history.read({ agentId: params.id, limit: 1 }).facts
      const prompt = first?.fact.type === 'launch-requested' ? first.fact.prompt.text : undefined
      return { agent: show(port, agent), ...(prompt !== undefined && { prompt }), said: saidSoFar(agent) }
    }),
  ]
}

function messageRoutes(port: DaemonPort): Route[] {
  const { supervisor } = port
  return [
    route(api.launchAgent, ({ body: { environment, pid, ...order } }) => {
      const guest = { cwd: order.cwd, environment, ...(pid !== undefined && { pid }) }
      return visiting(port, guest, ({ caller, mcp }) => {
        const launched = launch(supervisor, caller, { ...order, cwd: mcp.resolveFolder(order.cwd) })
        const { agent, repeated, waiting } = launched
        return { agent: show(port, agent), repeated, ...waiting }
      })
    }),
    route(api.sendMessage, ({ params, body: { text, steer = false, ...asker } }) =>
      visiting(port, asker, ({ caller }) => {
        const result = sendMessage(supervisor, { agentId: params.id, text, steer, caller })
        const agent = show(port, findAgent(supervisor, params.id))
        return { outcome: result.type, agent, ...placeOf(result) }
      }),
    ),
  ]
}

/** Where a message stands: in the line of its agent, or with it in that of the machine. */
function placeOf(result: MessageResult): { position?: number; lack?: string } {
  if (result.type === 'queued') return { position: result.position }
  return result.type === 'steered' ? {} : (result.waiting ?? {})
}

/** Does something as a caller of its own: who asks is there for no longer than that. */
function visiting<Result>(port: DaemonPort, guest: Guest, act: (visit: Visit) => Result): Result {
  const visit = port.welcome({ ...guest, terminal: true })
  try {
    return act(visit)
  } finally {
    visit.leave()
  }
}

function show({ supervisor, stalledAfter }: DaemonPort, agent: Agent): AgentSummary {
  return summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
}
