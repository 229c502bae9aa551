import { Agent } from 'node:http'
import type { z } from 'zod'
import { type Endpoint, longestPoll } from '@subagent-mcp/api'
import { call, type CallInput } from './call.js'

/** Asks the daemon one thing. @throws SubagentError as `call` does */
export type Ask = <Answer extends z.ZodType>(
  endpoint: Pick<Endpoint, 'method' | 'path'> & { answer: Answer },
  input?: CallInput,
) => Promise<z.output<Answer>>

/** Over connections that are kept for a while: a worker asks several times for each message. */
export function keepAsking(socketPath: string): Ask {
  // Longer than the server keeps them, or its own time would not count.
  const agent = new Agent({ keepAlive: true, timeout: 2 * longestPoll })
  return (endpoint, input = {}) => call(socketPath, endpoint, { ...input, agent })
}
