import type { Environment } from '@subagent-mcp/driver-kit'
import type { SetupPort } from '@subagent-mcp/mcp-server'

/** The setup for users of a host without a terminal. Loaded when needed, because the installer is large and few calls need it. */
export function setupForHosts(caller: { cwd: string; environment: Environment }): SetupPort {
  const load = () => import('./host-setup.js')
  return {
    look: async () => (await load()).lookFromHost(caller),
    answer: async (answers) => (await load()).answerFromHost(caller, answers),
  }
}
