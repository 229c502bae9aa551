import { depthOf } from '@subagent-mcp/driver-kit'
import { definedVariables } from '../defined-variables.js'
import type { WorkerLaunch } from './daemon-turns.js'
import { readMcpConfig } from './read-mcp-config.js'
import { workerLaunch } from './worker-launch.js'
import type { WorkerOrder } from './worker-order.js'
import { workerRights, type WorkerRights } from './worker-rights.js'

/** Where a worker works, and in which environment. */
export type WorkPlace = { cwd: string; environment: NodeJS.ProcessEnv }

/** What is decided of a worker's sessions before there is one. */
export type WorkPlan = { rights: WorkerRights; launch: WorkerLaunch }

/** How a worker's sessions will be launched. @throws SubagentError for what of the order cannot be understood */
export function planWork(order: WorkerOrder, { cwd, environment }: WorkPlace): WorkPlan {
  const { mode, allowed, provider, agent, mcpConfig } = order
  const by = { ...(provider !== undefined && { provider }), ...(agent !== undefined && { agent }) }
  const rights = workerRights({ mode, allowed, ...by })
  const servers = mcpConfig === undefined ? {} : readMcpConfig(mcpConfig, cwd)
  const { pid } = process
  const place = { cwd, environment: definedVariables(environment), pid, depth: depthOf({ environment, pid }) }
  return { rights, launch: workerLaunch({ order, rights, servers, place }) }
}
