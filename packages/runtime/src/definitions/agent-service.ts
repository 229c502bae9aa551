import { createDebouncedCall, omitUndefined, type Driver, type SessionSpec } from '@subagent-mcp/contract'
import {
  createAccountEnvironment,
  findAgentAccount,
  checkLaunchAllowed,
  chooseAccountsByProvider,
  grantLaunchAuthority,
  type LaunchTemplate,
  type Supervisor,
} from '@subagent-mcp/core'
import { listSearchFolders, watchDefinitionFolders } from '@subagent-mcp/definitions'
import type { DefinedAgents } from '@subagent-mcp/mcp-server'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { SessionPool } from '@subagent-mcp/pool'
import { createLaunchTemplate, createTaskPoolSettings } from './launch-template.js'
import { createAgentPoolSpec } from './pool-spec.js'
import type { PoolDefaults } from './pool-settings.js'
import type { UserTrustSettings } from './check-definition-trust.js'
import { listDefinedAgents } from './list-defined-agents.js'
import { resetPooledAgent } from './reset-pooled-agent.js'
import { readRunnableAgent, type RunnableAgent } from './runnable-agent.js'
import { warmUpAgent } from './warm-up-agent.js'

export type AgentServiceContext = {
  pool: SessionPool
  drivers: ReadonlyMap<string, Driver>
  supervisor: Supervisor
  poolDefaults: PoolDefaults
  trust: UserTrustSettings
  /** Throws if the user's settings are invalid, so that no agent is started. */
  checkSettings: () => void
}

/** A caller that uses defined agents. `depth`: the number of nested agent sessions in which it runs. */
export type AgentCaller = {
  caller: string
  cwd: string
  /** The project whose definitions the caller uses. */
  project: string
  environment: Environment
  depth: number
  /** The most permissions that the caller may grant. */
  authority: CallerPermissions
}

/** Access to the agents that a caller's project and user define. */
export type CallerDefinitions = Pick<DefinedAgents, 'warm' | 'reset' | 'onDefinitionsChange'> & {
  list: DefinedAgents['definitions']
  /**
   * Returns the settings that a definition adds to a launch, and the absolute folder of the agent. `provider` is the caller's
   * choice for a definition that leaves it open. With `pooled` the agent's sessions come from the pool. `worktree` is the folder in
   * which the agent works in place of the one that definition and caller name.
   * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`
   */
  launchTemplate(name: string, options: TemplateOptions): { template: LaunchTemplate; cwd: string }
}

type TemplateOptions = {
  cwd: string | undefined
  provider?: string | undefined
  account?: string | undefined
  pooled: boolean
  worktree?: string
}

/** Provides the defined agents of a caller. */
export type AgentService = (caller: AgentCaller) => CallerDefinitions

/** Creates the service for defined agents. It reads definition files at each call, so that a changed file takes effect immediately. */
export function createAgentService(parts: AgentServiceContext): AgentService {
  const { pool, drivers, supervisor, poolDefaults, trust, checkSettings } = parts
  const rules = { drivers, ...trust }
  return (caller) => {
    const { environment, project } = caller
    const find = (name: string, { cwd: folder, provider, account, worktree }: FindOptions): RunnableAgent => {
      checkSettings()
      const query = { name, folder, ...omitUndefined({ provider, account, worktree }) }
      return readRunnableAgent({ ...query, caller, project, ...rules, supervisor })
    }
    const templateOf = (agent: RunnableAgent): LaunchTemplate => createLaunchTemplate(agent, caller.authority)
    // Callers with a different authority do not share processes.
    const know = (agent: RunnableAgent): string => {
      const wish = { template: templateOf(agent), defaultPermissions: supervisor.defaultPermissions }
      const { authority } = grantLaunchAuthority(caller, wish)
      const own = { ...caller, environment: environmentOf(supervisor, agent, environment) }
      return pool.addSpec(createAgentPoolSpec(agent, { project, caller: own, authority, poolDefaults }))
    }
    return {
      launchTemplate: (name, { pooled, ...options }) => {
        const agent = find(name, options)
        // All sessions of a pool have the same provider.
        const place = pooled
          ? { pool: createTaskPoolSettings(agent, { key: know(agent), poolDefaults, environment }) }
          : omitUndefined({ left: agent.left })
        return { cwd: agent.cwd, template: { ...templateOf(agent), ...place } }
      },
      warm: async (name, { cwd, ...options }) => {
        checkLaunchAllowed(supervisor, caller)
        const agent = find(name, { cwd })
        const parts = { pool, supervisor, driver: agent.driver, key: know(agent) }
        return warmUpAgent({ ...parts, environment: environmentOf(supervisor, agent, environment) }, options)
      },
      onDefinitionsChange: (listener) => {
        const { agents } = listSearchFolders(project, environment)
        const folders = agents.flatMap(({ path, builtIn }) => (builtIn ? [] : [path]))
        const change = createDebouncedCall(supervisor.clock, pauseMs, listener)
        const stop = watchDefinitionFolders(folders, change.request)
        return () => {
          change.cancel()
          stop()
        }
      },
      list: () => listDefinedAgents({ pool, project, environment, ...rules }),
      reset: (name) => resetPooledAgent({ pool, supervisor, name, project, caller }),
    }
  }
}

/** The environment of an agent's pooled sessions: the caller's, with the account of the definition. @throws SubagentError for an unknown account */
function environmentOf(
  supervisor: Supervisor,
  { definition: { account, provider } }: RunnableAgent,
  environment: Environment,
): Environment {
  const chosen = chooseAccountsByProvider(supervisor, { environment, ...omitUndefined({ wanted: account }) })
  return createAccountEnvironment(supervisor, environment, findAgentAccount(chosen, provider))
}

type Environment = SessionSpec['environment']

type FindOptions = Omit<TemplateOptions, 'pooled'>

/** Milliseconds between a change of a file and the call of the listener, because an editor writes a file in several steps. */
const pauseMs = 200
