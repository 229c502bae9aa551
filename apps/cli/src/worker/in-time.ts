import { SubagentError } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'

/** What a call to the daemon comes to. @throws SubagentError `daemon-unreachable` when that takes too long: it hangs */
export async function inTime<T>(call: Promise<T>, milliseconds = longestCall): Promise<T> {
  if (await settlesWithin(call, milliseconds)) return call
  const message = `the daemon has not answered for ${milliseconds / 1000} s`
  throw new SubagentError('daemon-unreachable', message, { hint: 'subagent-mcp daemon restart' })
}

const longestCall = 30_000
