import { launch, type LaunchTemplate } from '@subagent-mcp/core'
import { encodeAnnouncement, api } from '@subagent-mcp/api'
import { finishTask } from './finish-task.js'
import type { DaemonPort } from './port.js'
import { route, type Route } from './route.js'
import { visiting } from './visiting.js'

/** What can be asked of agents that are defined in files, and of their warm processes. */
export function poolRoutes(port: DaemonPort): Route[] {
  return [
    route(api.invoke, ({ body }, { signal, response }) => {
      const { agent: name, task, timeoutSeconds, announce = false, attended = false, ...guest } = body
      return visiting(port, guest, ({ caller, mcp }) => {
        const { template, cwd } = mcp.agents.blueprint(name, { cwd: undefined, pooled: true })
        const order = { prompt: task, cwd, template: withTimeout(template, timeoutSeconds) }
        const { agent, waiting } = launch(mcp.supervisor, caller, order)
        if (announce) response.writeEarlyHints(encodeAnnouncement({ id: agent.profile.id, ...waiting }))
        return finishTask(port, agent, { attended, signal, response })
      })
    }),
    route(api.listPool, ({ body }) =>
      visiting(port, body, ({ mcp }) => ({ agents: [...mcp.agents.list()] })),
    ),
    route(api.warmUp, ({ params, body: { cache = false, ...guest } }, { signal }) =>
      visiting(port, guest, async ({ mcp }) => ({
        process: await mcp.agents.warm(params.agent, { cwd: undefined, cache, signal }),
      })),
    ),
    route(api.resetPool, ({ params, body }) =>
      visiting(port, body, async ({ mcp }) => ({ ended: await mcp.agents.reset(params.agent) })),
    ),
  ]
}

function withTimeout({ pool, ...blueprint }: LaunchTemplate, seconds: number | undefined): LaunchTemplate {
  if (!pool) return blueprint
  return { ...blueprint, pool: seconds === undefined ? pool : { ...pool, timeoutMs: seconds * 1000 } }
}
