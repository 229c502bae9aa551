import { processHasTerminal } from '@subagent-mcp/driver-kit'
import type { ClientInfo } from './connection.js'

/**
 * Whether a person can probably answer permission requests later: the client is a page in a browser, or runs in a terminal
 * and not in CI. For an MCP server the terminal of its host counts.
 */
export function isPersonPresent({
  environment,
  pid,
  attended,
}: Pick<ClientInfo, 'environment' | 'pid' | 'attended'>): boolean {
  if (attended) return true
  const { CI: ci = '' } = environment
  if (ci !== '' && ci !== 'false' && ci !== '0') return false
  return pid !== undefined && processHasTerminal(pid)
}
