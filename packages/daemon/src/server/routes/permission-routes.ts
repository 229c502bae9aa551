import { SubagentError } from '@subagent-mcp/contract'
import {
  answerPermission,
  listAnswerableQuestions,
  findAgentByIdOrName,
  type Agent,
} from '@subagent-mcp/core'
import { daemonApi, type AnswerPermissionBody, type PendingPermissionRequest } from '@subagent-mcp/api'
import type { DaemonPort } from '../daemon-port.js'
import { createApiRoute, type HttpRoute } from '../http/route.js'
import { resolveAgentId, readAgentSummary } from './read-agent-summary.js'
import { withClientConnection } from '../connections/with-client-connection.js'

export function createPermissionRoutes(port: DaemonPort): HttpRoute[] {
  const { supervisor, records, depthOf } = port
  return [
    createApiRoute(daemonApi.listPermissions, () => ({
      permissions: [...supervisor.state().unsettled.values()]
        .flatMap(questionsOf)
        .toSorted((one, other) => one.askedAt - other.askedAt),
    })),
    createApiRoute(daemonApi.permissionLog, ({ query: { agent, limit = usualRecords } }) => ({
      records: [...records({ limit, ...(agent !== undefined && { agentId: resolveAgentId(port, agent) }) })],
    })),
    createApiRoute(daemonApi.answerPermission, async ({ params, body }) => {
      const { through = 'http', who, environment, pid, ...answer } = body
      const asker = { environment: environment ?? {}, ...(pid !== undefined && { pid }) }
      if (depthOf(asker) > 0) throw insideAgent()
      // The answer to a parked question opens the agent's session again, in the environment of the client that answers.
      const { profile, ...agent } = findAgentByIdOrName(supervisor, params.id)
      const by: Channel = port.isPage ? 'page' : through
      const order = { agentId: profile.id, ...answer, by, who: who ?? unnamed[by] }
      const wakes = agent.parked.some(({ requestId }) => requestId === (body.requestId ?? requestId))
      const { requestId, tool } =
        wakes && environment
          ? await withClientConnection(
              port,
              { cwd: profile.cwd, ...asker, environment },
              ({ port: { agents } }) => agents.answer(order),
            )
          : answerPermission(supervisor, order)
      return {
        agent: readAgentSummary(port, findAgentByIdOrName(supervisor, profile.id)),
        answered: { requestId, tool },
      }
    }),
  ]
}

const usualRecords = 100

/** The channel of an answer over HTTP. Only the page itself is `page`, whatever a request says. */
type Channel = NonNullable<AnswerPermissionBody['through']> | 'page'

/** Names in the audit log for people and programs that answer without giving a name. */
const unnamed: Readonly<Record<Channel, string>> = {
  terminal: 'a person at a terminal',
  page: 'a person on the page',
  http: 'a program over HTTP',
}

/** The error for a permission answer from a shell inside an agent session, because no person is known to be there. */
function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent may not answer permission requests from its shell', {
    hint: 'it answers requests of its own agents with the tool respond_permission',
  })
}

function questionsOf(agent: Agent): PendingPermissionRequest[] {
  const { id: agentId, name, cwd, project } = agent.profile
  const { provider } = agent.route.current
  const about = { agentId, ...(name !== undefined && { name }), provider, cwd, project }
  return listAnswerableQuestions(agent).map(({ shownTo, passed: _passed, report: _report, ...question }) => ({
    ...about,
    ...question,
    ...(shownTo !== undefined && { shown: true }),
  }))
}
