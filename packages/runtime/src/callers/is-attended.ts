import { hasTerminal } from '@subagent-mcp/driver-kit'
import type { ClientInfo } from './connection.js'

/** Whether a person may answer permission requests later: the client runs in a terminal, not in CI. For an MCP server its host's terminal counts. */
export function isAttended({ environment, pid }: Pick<ClientInfo, 'environment' | 'pid'>): boolean {
  const { CI: ci = '' } = environment
  if (ci !== '' && ci !== 'false' && ci !== '0') return false
  return pid !== undefined && hasTerminal(pid)
}
