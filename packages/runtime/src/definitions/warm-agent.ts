import type { PooledProcess } from '@subagent-mcp/api'
import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { checkFreeRoom, failureError, type Supervisor } from '@subagent-mcp/core'
import type { Pool } from '@subagent-mcp/pool'

/** Whose process is to be warm, and who sees to it. */
export type WarmOrder = {
  pool: Pool
  supervisor: Supervisor
  driver: Driver
  /** Names its recipe, which the pool knows. */
  key: string
  environment: SessionSpec['environment']
}

/**
 * Sees to it that a process is warm before the first task comes. One that is there already needs no room.
 * @throws SubagentError `at-capacity`, and for what keeps its CLI from starting
 */
export async function warmAgent(
  { pool, supervisor, driver, key, environment }: WarmOrder,
  options: { cache: boolean; signal: AbortSignal },
): Promise<PooledProcess> {
  const obstacle = driver.preflight(environment)
  if (obstacle) throw failureError(obstacle)
  if (!pool.load().idle[key]) {
    supervisor.measure()
    checkFreeRoom(supervisor, { provider: driver.id })
  }
  const result = await pool.warm(key, options)
  if (result.type === 'failed') throw failureError(result.failure)
  return result.process
}
