import type { LaunchTemplate, TaskPoolSettings } from '@subagent-mcp/core'
import { storedLaunchOptions, pickSchemaKeys } from '@subagent-mcp/api'
import { type SessionSpec, SubagentError } from '@subagent-mcp/contract'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import { z } from 'zod'
import { readDefinitionRules } from './definition-rules.js'
import type { PoolDefaults } from './pool-settings.js'
import type { RunnableAgent } from './runnable-agent.js'

/**
 * Returns the template from which a defined agent is launched. The definition's rules only restrict permissions; the rules that allow
 * calls come from the caller.
 */
export function createLaunchTemplate(
  { definition, setup, isNamed }: RunnableAgent,
  ofCaller: CallerPermissions,
): LaunchTemplate {
  const { name, provider, model, effort, permissions } = definition
  const candidate = {
    provider,
    ...(model !== undefined && { model }),
    ...(effort && { effort }),
  }
  const rules = { ...readDefinitionRules(definition), allow: ofCaller.rules.allow }
  return {
    ...pickSchemaKeys(definition, storedLaunchOptions),
    ...{ name, candidate, setup },
    authority: { preset: permissions, rules },
    ...(isNamed && permissions === 'full-auto' && { named: true }),
  }
}

/** Returns the pool of a defined agent's task: its key, limits and time limit. @throws SubagentError `config-invalid` for an invalid time limit */
export function createTaskPoolSettings(
  { definition }: RunnableAgent,
  {
    key,
    poolDefaults,
    environment,
  }: { key: string; poolDefaults: PoolDefaults; environment: SessionSpec['environment'] },
): TaskPoolSettings {
  const { name, timeoutMs = readDefaultTaskTimeout(environment) } = definition
  return { agent: name, key, max: definition.pool.max ?? poolDefaults.max, timeoutMs }
}

/** The time limit in ms of tasks whose definition sets none: the caller's `TASK_TIMEOUT_MS`, else five minutes. @throws SubagentError `config-invalid` */
export function readDefaultTaskTimeout({ TASK_TIMEOUT_MS: text }: SessionSpec['environment']): number {
  const milliseconds = Milliseconds.safeParse(text || defaultMs)
  if (milliseconds.success) return milliseconds.data
  const hint = 'give milliseconds, as in 300000'
  throw new SubagentError('config-invalid', `TASK_TIMEOUT_MS is '${text ?? ''}'`, { hint })
}

/** A time limit in milliseconds, at most 24 days, which is the longest timer. */
const Milliseconds = z.coerce
  .number()
  .positive()
  .max(2 ** 31 - 1)

const defaultMs = 300_000
