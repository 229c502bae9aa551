import type { Guest } from '@subagent-mcp/daemon'
import { hasTerminal } from '@subagent-mcp/driver-kit'

/**
 * Whether a person may come back to what an agent asks: the host, or the command, runs in a terminal, and not in CI. An
 * MCP server is in the terminal of its host.
 */
export function isAttended({ environment, pid }: Pick<Guest, 'environment' | 'pid'>): boolean {
  const { CI: ci = '' } = environment
  if (ci !== '' && ci !== 'false' && ci !== '0') return false
  return pid !== undefined && hasTerminal(pid)
}
