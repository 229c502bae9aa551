import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { checkLauncher, type Supervisor } from '@subagent-mcp/core'
import type { AgentsPort } from '@subagent-mcp/mcp-server'
import type { Pool } from '@subagent-mcp/pool'
import { agentBlueprint, poolPlace } from './agent-blueprint.js'
import { agentRecipe } from './agent-recipe.js'
import type { Config } from '../settings/config.js'
import { projectOf } from '../mode/project-root.js'
import { listedAgents } from './listed-agents.js'
import { resetAgent } from './reset-agent.js'
import { runnableAgent, type RunnableAgent } from './runnable-agent.js'
import { warmAgent } from './warm-agent.js'

/** What the agents that are defined in files are run with. */
export type AgentsParts = {
  pool: Pool
  drivers: ReadonlyMap<string, Driver>
  supervisor: Supervisor
  config: Pick<Config, 'pool' | 'bypassPermissions'>
  /** Throws where the user's configuration cannot be used: nothing is started then. */
  checkConfig: () => void
}

/** Who asks for agents: from where, with what, and how many sessions of ours it is inside. */
export type Visitor = {
  caller: string
  cwd: string
  environment: SessionSpec['environment']
  depth: number
}

/** The agents of definitions, as a visitor sees them from where it stands. */
export type AgentsDesk = (visitor: Visitor) => AgentsPort

/** Serves visitors the agents of their projects. Files are read at each call, so that a change holds at once. */
export function createAgentsDesk(parts: AgentsParts): AgentsDesk {
  const { pool, drivers, supervisor, config, checkConfig } = parts
  return (visitor) => {
    const { environment } = visitor
    const project = projectOf(visitor.cwd)
    const find = (name: string, folder: string | undefined): RunnableAgent => {
      checkConfig()
      const { bypassPermissions } = config
      const now = supervisor.clock.now()
      return runnableAgent({ name, folder, visitor, project, drivers, bypassPermissions, now })
    }
    const know = (agent: RunnableAgent): string =>
      pool.know(agentRecipe(agent, { project, visitor, pool: config.pool }))
    return {
      blueprint: (name, { cwd, pooled }) => {
        const agent = find(name, cwd)
        const place = pooled && {
          pool: poolPlace(agent, { key: know(agent), pool: config.pool, environment }),
        }
        return { cwd: agent.cwd, blueprint: { ...agentBlueprint(agent), ...place } }
      },
      warm: async (name, { cwd, ...options }) => {
        checkLauncher(supervisor, visitor)
        const agent = find(name, cwd)
        return warmAgent({ pool, supervisor, driver: agent.driver, key: know(agent), environment }, options)
      },
      list: () => {
        const { bypassPermissions } = config
        return listedAgents({ pool, project, environment, drivers, bypassPermissions })
      },
      reset: (name) => resetAgent({ pool, supervisor, name, project, visitor }),
    }
  }
}
