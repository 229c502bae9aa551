import { Agent } from 'node:http'
import type { z } from 'zod'
import { type Endpoint, longestPoll } from '@subagent-mcp/api'
import { callDaemon, type CallInput, type Daemon } from './call.js'

/** Sends one request to the daemon. @throws SubagentError as `callDaemon` does */
export type SendRequest = <ApiAnswer extends z.ZodType>(
  endpoint: Pick<Endpoint, 'method' | 'path'> & { answer: ApiAnswer },
  input?: CallInput,
) => Promise<z.output<ApiAnswer>>

/** Returns a function that sends requests over connections that stay open, because a worker sends several for each message. */
export function createRequestSender(daemon: Daemon): SendRequest {
  // Longer than the server keeps them, or its own time would not count.
  const agent = new Agent({ keepAlive: true, timeout: 2 * longestPoll })
  return (endpoint, input = {}) => callDaemon(daemon, endpoint, { ...input, agent })
}
