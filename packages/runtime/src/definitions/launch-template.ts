import { keptOptions, pickKeys } from '@subagent-mcp/api'
import type { SessionSpec } from '@subagent-mcp/contract'
import type { LaunchTemplate, PoolPlace } from '@subagent-mcp/core'
import type { Authority } from '@subagent-mcp/permissions'
import { definitionRules } from './definition-rules.js'
import type { PoolDefaults } from './pool-settings.js'
import type { RunnableAgent } from './runnable-agent.js'
import { taskTimeout } from './task-timeout.js'

/**
 * The template from which a defined agent is launched. The definition's rules may narrow what passes without a question;
 * the rules that allow calls are those of the caller.
 */
export function launchTemplate(
  { definition, setup, isNamed }: RunnableAgent,
  ofCaller: Authority,
): LaunchTemplate {
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

/** The place of a defined agent's task in its pool. @throws SubagentError `config-invalid` for an invalid time limit */
export function poolPlace(
  { definition }: RunnableAgent,
  {
    key,
    poolDefaults,
    environment,
  }: { key: string; poolDefaults: PoolDefaults; environment: SessionSpec['environment'] },
): PoolPlace {
  const { name, timeoutMs = taskTimeout(environment) } = definition
  return { agent: name, key, max: definition.pool.max ?? poolDefaults.max, timeoutMs }
}
