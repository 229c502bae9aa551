import { hasTerminal } from '@subagent-mcp/driver-kit'
import type { ClientInfo } from './connection.js'

/**
 * Whether a person can probably answer permission requests later: the client runs in a terminal and not in CI. For an MCP server the
 * terminal of its host counts.
 */
export function isAttended({ environment, pid }: Pick<ClientInfo, 'environment' | 'pid'>): boolean {
  const { CI: ci = '' } = environment
  if (ci !== '' && ci !== 'false' && ci !== '0') return false
  return pid !== undefined && hasTerminal(pid)
}
