import { agentDepth } from '@subagent-mcp/driver-kit'
import { definedVariables } from '../defined-variables.js'
import type { WorkerLaunch } from './daemon-turns.js'
import { readMcpConfig } from './read-mcp-config.js'
import { workerLaunch } from './worker-launch.js'
import type { WorkerOrder } from './worker-order.js'
import { workerRights, type WorkerRights } from './worker-rights.js'

/** The folder and the environment of a worker. */
export type WorkPlace = { cwd: string; environment: NodeJS.ProcessEnv }

/** The rights and launch options of a worker's sessions, which are fixed when the worker starts. */
export type WorkPlan = { rights: WorkerRights; launch: WorkerLaunch }

/** Returns the rights and launch options of a worker's sessions. @throws SubagentError for invalid options of the worker */
export function planWork(order: WorkerOrder, { cwd, environment }: WorkPlace): WorkPlan {
  const { mode, allowed, provider, agent, mcpConfig } = order
  const by = { ...(provider !== undefined && { provider }), ...(agent !== undefined && { agent }) }
  const rights = workerRights({ mode, allowed, ...by })
  const servers = mcpConfig === undefined ? {} : readMcpConfig(mcpConfig, cwd)
  const { pid } = process
  const place = {
    cwd,
    environment: definedVariables(environment),
    pid,
    depth: agentDepth({ environment, pid }),
  }
  return { rights, launch: workerLaunch({ order, rights, servers, place }) }
}
