import { hasTerminal } from '@subagent-mcp/driver-kit'
import type { ClientInfo } from './connection.js'

/**
 * Whether a person may answer an agent's permission requests later: the client runs in a terminal, and not in CI. An MCP server
 * counts as in the terminal of its host.
 */
export function isAttended({ environment, pid }: Pick<ClientInfo, 'environment' | 'pid'>): boolean {
  const { CI: ci = '' } = environment
  if (ci !== '' && ci !== 'false' && ci !== '0') return false
  return pid !== undefined && hasTerminal(pid)
}
