import {
  awaitTask,
  forgetTask,
  launch,
  saidSoFar,
  type Agent,
  type Blueprint,
  type TaskResult,
} from '@subagent-mcp/core'
import type { Invoked } from '../api/answers.js'
import { api } from '../api/api.js'
import type { DaemonPort } from './port.js'
import { route, type Call, type Route } from './route.js'
import { showAgent } from './show-agent.js'
import { visiting } from './visiting.js'

/** What can be asked of agents that are defined in files, and of their warm processes. */
export function poolRoutes(port: DaemonPort): Route[] {
  return [
    route(api.invoke, ({ body }, call) => {
      const { agent: name, task: prompt, timeoutSeconds, wait = true, ...guest } = body
      return visiting(port, guest, async ({ caller, mcp }) => {
        const { blueprint, cwd } = mcp.agents.blueprint(name, { cwd: undefined, pooled: true })
        const order = { prompt, cwd, blueprint: withTimeout(blueprint, timeoutSeconds) }
        const { agent, waiting } = launch(port.supervisor, caller, order)
        if (!wait) return { agent: showAgent(port, agent), state: 'running', ...waiting }
        return finishTask(port, agent, call)
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

function withTimeout({ pool, ...blueprint }: Blueprint, seconds: number | undefined): Blueprint {
  if (!pool) return blueprint
  return { ...blueprint, pool: seconds === undefined ? pool : { ...pool, timeoutMs: seconds * 1000 } }
}

/** Stays until the task is over or asks. One whose outcome has reached who asked for it is forgotten. */
async function finishTask(port: DaemonPort, task: Agent, { signal, response }: Call): Promise<Invoked> {
  const { supervisor, log } = port
  const { id } = task.profile
  const result = await awaitTask(supervisor, id, signal)
  if (result.type === 'over')
    response.once('finish', () => {
      forgetTask(supervisor, id).catch((error: unknown) => {
        log(`task ${id}: ${String(error)}`)
      })
    })
  return describeTask(port, result)
}

function describeTask(port: DaemonPort, result: TaskResult): Invoked {
  const agent = showAgent(port, result.agent)
  if (result.type === 'asks') return { agent, state: 'asks' }
  const { failure } = agent
  return { agent, state: stateOf(agent), answer: saidSoFar(result.agent), ...(failure && { failure }) }
}

/** A task that is over has one of these; any other is one that was called off, which nobody reads. */
function stateOf({ status }: Invoked['agent']): Invoked['state'] {
  return status === 'finished' || status === 'errored' || status === 'stopped' ? status : 'interrupted'
}
