import type { SessionSpec } from '@subagent-mcp/contract'
import { sessionRights } from '@subagent-mcp/core'
import { contentHash } from '@subagent-mcp/definitions'
import type { Authority } from '@subagent-mcp/permissions'
import { poolEnvironment, type PoolLimits, type Recipe } from '@subagent-mcp/pool'
import type { Config } from '../settings/config.js'
import { poolSettings, type PoolSettings } from './pool-settings.js'
import { primePrompt } from './prime-prompt.js'
import type { RunnableAgent } from './runnable-agent.js'

/** Whom an agent's processes are for. */
export type RecipeContext = {
  project: string
  visitor: { environment: SessionSpec['environment']; depth: number }
  /** What its tasks may do. */
  authority: Authority
  pool: Config['pool']
}

/** How a pool makes the sessions of an agent: whatever differs here is another process. */
export function agentRecipe(
  { definition, driver, cwd, setup }: RunnableAgent,
  { project, visitor, authority, pool }: RecipeContext,
): Recipe {
  const { name, provider, model, effort, mcp, env, prime } = definition
  const { environment, depth } = visitor
  return {
    agent: name,
    project,
    provider,
    spec: {
      ...setup,
      ...sessionRights(authority, driver.abilities),
      cwd,
      environment: poolEnvironment(environment, env),
      mcp,
      ephemeral: true,
      depth: depth + 1,
      ...(model !== undefined && { model }),
      ...(effort && { effort }),
    },
    fingerprint: [contentHash(definition), driver.installation(environment) ?? ''],
    ...(prime && { prime: primePrompt(prime) }),
    limits: limitsOf(poolSettings(definition, pool)),
  }
}

/** In the pool's own units: milliseconds and bytes. */
function limitsOf(pool: PoolSettings): PoolLimits {
  return {
    tasks: pool.recycleAfterTasks,
    ageMs: pool.recycleAfterMinutes * 60_000,
    memoryBytes: pool.recycleAboveMegabytes * 1024 * 1024,
    idleMs: pool.idleMinutes * 60_000,
  }
}
