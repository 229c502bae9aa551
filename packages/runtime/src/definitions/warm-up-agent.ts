import type { PooledProcess } from '@subagent-mcp/api'
import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { checkLaunchCapacity, createErrorFromFailure, type Supervisor } from '@subagent-mcp/core'
import type { SessionPool } from '@subagent-mcp/pool'

/** The agent of the new process, and the parts that start it. */
export type WarmUpContext = {
  pool: SessionPool
  supervisor: Supervisor
  driver: Driver
  key: string
  environment: SessionSpec['environment']
}

/** Starts a process of an agent before its first task, unless an idle process exists. @throws SubagentError `at-capacity`, or an error of the CLI */
export async function warmUpAgent(
  { pool, supervisor, driver, key, environment }: WarmUpContext,
  options: { cache: boolean; signal: AbortSignal },
): Promise<PooledProcess> {
  const obstacle = driver.preflight(environment)
  if (obstacle) throw createErrorFromFailure(obstacle)
  if (!pool.load().idle[key]) {
    supervisor.measure()
    checkLaunchCapacity(supervisor, { provider: driver.id })
  }
  const result = await pool.warm(key, options)
  if (result.type === 'failed') throw createErrorFromFailure(result.failure)
  return result.process
}
