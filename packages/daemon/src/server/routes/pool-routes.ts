import { daemonApi, encodeTaskAnnouncement, type TaskResultAnswer } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { loadCurrentTurnText, type TaskResult } from '@subagent-mcp/core'
import type { DaemonPort } from '../daemon-port.js'
import { createApiRoute, type HttpRoute } from '../http/route.js'
import { readAgentSummary } from './read-agent-summary.js'
import { withClientConnection } from '../connections/with-client-connection.js'

export function createPoolRoutes(port: DaemonPort): HttpRoute[] {
  return [
    createApiRoute(daemonApi.invoke, ({ body }, { signal, response, traceparent }) => {
      const { agent: name, task, files, outputSchema, timeoutSeconds, announce = false, ...rest } = body
      const { attended = false, ...client } = rest
      return withClientConnection(port, client, async ({ port: { agents } }) => {
        const timeoutMs = timeoutSeconds && timeoutSeconds * 1000
        const order = { agent: name, task, ...omitUndefined({ files, timeoutMs, outputSchema, traceparent }) }
        const { agent, waiting } = await agents.startTask(order)
        const { id } = agent.profile
        if (announce) response.writeEarlyHints(encodeTaskAnnouncement({ id, ...waiting }))
        const result = await agents.taskResult(id, { signal, answersQuestions: attended })
        const answer = describeTask(port, result)
        // Registered only now: after an answer that cannot be read, the response is an error, and the task stays.
        if (result.type === 'over') response.once('finish', result.received)
        return answer
      })
    }),
    createApiRoute(daemonApi.listPool, ({ body }) =>
      withClientConnection(port, body, ({ port: { agents } }) => ({ agents: [...agents.definitions()] })),
    ),
    createApiRoute(daemonApi.warmUp, ({ params, body: { cache = false, ...client } }, { signal }) =>
      withClientConnection(port, client, async ({ port: { agents } }) => ({
        process: await agents.warm(params.agent, { cwd: undefined, cache, signal }),
      })),
    ),
    createApiRoute(daemonApi.resetPool, ({ params, body }) =>
      withClientConnection(port, body, async ({ port: { agents } }) => ({
        ended: await agents.reset(params.agent),
      })),
    ),
  ]
}

function describeTask(port: DaemonPort, { type, agent: task }: TaskResult): TaskResultAnswer {
  const agent = readAgentSummary(port, task)
  if (type === 'asks') return { agent, state: 'asks' }
  const { failure } = agent
  const answer = loadCurrentTurnText(port.supervisor, task)
  return { agent, state: stateOf(agent), answer, ...(failure && { failure }) }
}

/** Returns the state of an ended task. If the task still runs, its request was cancelled, and the returned state is not used. */
function stateOf({ status }: TaskResultAnswer['agent']): TaskResultAnswer['state'] {
  return status === 'finished' || status === 'errored' || status === 'stopped' ? status : 'interrupted'
}
