import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { checkLauncher, grantAuthority, type Blueprint, type Supervisor } from '@subagent-mcp/core'
import { projectOf } from '@subagent-mcp/driver-kit'
import type { AgentsPort } from '@subagent-mcp/mcp-server'
import type { Authority } from '@subagent-mcp/permissions'
import type { Pool } from '@subagent-mcp/pool'
import { agentBlueprint, poolPlace } from './agent-blueprint.js'
import { agentRecipe } from './agent-recipe.js'
import type { Config } from '../settings/config.js'
import { listedAgents } from './listed-agents.js'
import { resetAgent } from './reset-agent.js'
import { runnableAgent, type RunnableAgent } from './runnable-agent.js'
import { warmAgent } from './warm-agent.js'

/** What the agents that are defined in files are run with. */
export type AgentsParts = {
  pool: Pool
  drivers: ReadonlyMap<string, Driver>
  supervisor: Supervisor
  config: Pick<Config, 'pool' | 'bypassPermissions' | 'definitionVariables' | 'ceiling'>
  /** Throws where the user's configuration cannot be used: nothing is started then. */
  checkConfig: () => void
}

/** Who asks for agents: from where, with what, how many sessions of ours it is inside, and the most that it can give. */
export type Visitor = {
  caller: string
  cwd: string
  environment: SessionSpec['environment']
  depth: number
  authority: Authority
}

/** The agents of definitions, as a visitor sees them from where it stands. */
export type AgentsDesk = (visitor: Visitor) => AgentsPort

/** Serves visitors the agents of their projects. Files are read at each call, so that a change holds at once. */
export function createAgentsDesk(parts: AgentsParts): AgentsDesk {
  const { pool, drivers, supervisor, config, checkConfig } = parts
  const { bypassPermissions, definitionVariables, ceiling } = config
  const rules = { drivers, bypassPermissions, definitionVariables, ceiling }
  return (visitor) => {
    const { environment } = visitor
    const project = projectOf(visitor.cwd)
    const find = (name: string, folder: string | undefined): RunnableAgent => {
      checkConfig()
      return runnableAgent({ name, folder, visitor, project, ...rules, now: supervisor.clock.now() })
    }
    const blueprintOf = (agent: RunnableAgent): Blueprint => agentBlueprint(agent, visitor.authority)
    // Whose tasks may do something else have processes of their own.
    const know = (agent: RunnableAgent): string => {
      const wish = { blueprint: blueprintOf(agent), usual: supervisor.usualPermissions }
      const { authority } = grantAuthority({ project, ...visitor }, wish)
      return pool.know(agentRecipe(agent, { project, visitor, authority, pool: config.pool }))
    }
    return {
      blueprint: (name, { cwd, pooled }) => {
        const agent = find(name, cwd)
        const place = pooled && {
          pool: poolPlace(agent, { key: know(agent), pool: config.pool, environment }),
        }
        return { cwd: agent.cwd, blueprint: { ...blueprintOf(agent), ...place } }
      },
      warm: async (name, { cwd, ...options }) => {
        checkLauncher(supervisor, visitor)
        const agent = find(name, cwd)
        return warmAgent({ pool, supervisor, driver: agent.driver, key: know(agent), environment }, options)
      },
      list: () => listedAgents({ pool, project, environment, ...rules }),
      reset: (name) => resetAgent({ pool, supervisor, name, project, visitor }),
    }
  }
}
