import { locate, type Environment } from '@subagent-mcp/driver-kit'
import { notInstalled } from './classify.js'

/** The path of `claude`: where this environment says it is, else the first that it leads to. */
export function locateClaude(environment: Environment): ReturnType<typeof locate> {
  const configured = environment['SUBAGENT_MCP_CLAUDE_PATH']
  return locate({ name: 'claude', configured, environment, notInstalled })
}
