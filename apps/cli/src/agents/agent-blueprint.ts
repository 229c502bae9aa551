import { keptOptions, pickKeys } from '@subagent-mcp/api'
import type { SessionSpec } from '@subagent-mcp/contract'
import type { Blueprint, PoolPlace } from '@subagent-mcp/core'
import type { Authority } from '@subagent-mcp/permissions'
import type { Config } from '../settings/config.js'
import { definitionRules } from './definition-rules.js'
import type { RunnableAgent } from './runnable-agent.js'
import { taskTimeout } from './task-timeout.js'

/**
 * What a launch needs to know of a defined agent. Its file may narrow what passes without asking: what does is as for
 * all that its caller launches.
 */
export function agentBlueprint(
  { definition, setup, isNamed }: RunnableAgent,
  ofCaller: Authority,
): Blueprint {
  const { name, provider, model, effort, permissions } = definition
  const candidate = {
    provider,
    ...(model !== undefined && { model }),
    ...(effort && { effort }),
  }
  const rules = { ...definitionRules(definition), allow: ofCaller.rules.allow }
  return {
    ...pickKeys(definition, keptOptions),
    ...{ name, candidate, setup },
    authority: { preset: permissions, rules },
    ...(isNamed && permissions === 'full-auto' && { named: true }),
  }
}

/** What a task of it needs to know besides. @throws SubagentError `config-invalid` for a time that is none */
export function poolPlace(
  { definition }: RunnableAgent,
  { key, pool, environment }: { key: string; pool: Config['pool']; environment: SessionSpec['environment'] },
): PoolPlace {
  const { name, timeoutMs = taskTimeout(environment) } = definition
  return { agent: name, key, max: definition.pool.max ?? pool.max, timeoutMs }
}
