import type { SessionSpec } from '@subagent-mcp/contract'
import type { Blueprint, PoolPlace } from '@subagent-mcp/core'
import type { Config } from '../settings/config.js'
import type { RunnableAgent } from './runnable-agent.js'
import { taskTimeout } from './task-timeout.js'

/** What a launch needs to know of a defined agent. */
export function agentBlueprint({ definition, setup }: RunnableAgent): Blueprint {
  const { name, provider, model, effort, category = 'fallback_default', mcp } = definition
  const candidate = {
    provider,
    ...(model !== undefined && { model }),
    ...(effort && { effort }),
  }
  return { name, candidate, category, mcp, setup }
}

/** What a task of it needs to know besides. @throws SubagentError `config-invalid` for a time that is none */
export function poolPlace(
  { definition }: RunnableAgent,
  { key, pool, environment }: { key: string; pool: Config['pool']; environment: SessionSpec['environment'] },
): PoolPlace {
  const { name, timeoutMs = taskTimeout(environment) } = definition
  return { agent: name, key, max: definition.pool.max ?? pool.max, timeoutMs }
}
