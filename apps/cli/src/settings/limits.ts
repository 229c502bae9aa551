import type { SupervisorLimits } from '@subagent-mcp/core'
import type { Config } from './config.js'

/** The caps as the supervisor takes them: milliseconds and bytes. */
export function limitsOf({ limits, ...config }: Config, stalledAfter: number): SupervisorLimits {
  const { freeMemoryMegabytes, ...caps } = limits
  return {
    ...caps,
    memoryFloor: freeMemoryMegabytes * 1024 * 1024,
    idleCloseAfter: config.idleCloseMinutes * 60_000,
    quietAfter: stalledAfter,
    answerWithin: config.permissions.deadlineMinutes * 60_000,
  }
}
