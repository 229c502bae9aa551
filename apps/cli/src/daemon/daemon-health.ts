import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import type { DaemonHealth } from '@subagent-mcp/api'
import { settlesWithin } from '@subagent-mcp/driver-kit'

const limitMs = 5_000

/** Asks a daemon for its health. @throws SubagentError when it does not answer within 5 s */
export async function requestDaemonHealth(client: DaemonClient, limit = limitMs): Promise<DaemonHealth> {
  const health = client.health()
  if (await settlesWithin(health, limit)) return health
  const hint = 'its log says which process it is (subagent-mcp daemon logs): end that one'
  throw new SubagentError('daemon-unreachable', 'a daemon runs but does not answer', { hint })
}
