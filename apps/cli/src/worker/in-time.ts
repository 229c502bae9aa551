import { SubagentError } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'

/**
 * Waits for the result of a call to the daemon. @throws SubagentError `daemon-unreachable` if the daemon does not answer in time
 */
export async function inTime<T>(call: Promise<T>, milliseconds = longestCall): Promise<T> {
  if (await settlesWithin(call, milliseconds)) return call
  const message = `the daemon has not answered for ${milliseconds / 1000} s`
  throw new SubagentError('daemon-unreachable', message, { hint: 'subagent-mcp daemon restart' })
}

const longestCall = 30_000
