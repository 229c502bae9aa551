import { Agent } from 'node:http'
import type { z } from 'zod'
import { type Endpoint, longestMailWaitMs } from '@subagent-mcp/api'
import { callDaemon, type DaemonCallInput, type DaemonAddress } from './call-daemon.js'

/** Sends one request to the daemon. @throws SubagentError as `callDaemon` does */
export type DaemonRequestSender = <ApiAnswer extends z.ZodType>(
  endpoint: Pick<Endpoint, 'method' | 'path'> & { answer: ApiAnswer },
  input?: DaemonCallInput,
) => Promise<z.output<ApiAnswer>>

/** Returns a function that sends requests over connections that stay open, because a worker sends several for each message. */
export function createDaemonRequestSender(daemon: DaemonAddress): DaemonRequestSender {
  // Longer than the daemon keeps idle connections, so that the daemon's limit decides.
  const agent = new Agent({ keepAlive: true, timeout: 2 * longestMailWaitMs })
  return (endpoint, input = {}) => callDaemon(daemon, endpoint, { ...input, agent })
}
