import { checkTrustedPath } from '@subagent-mcp/client'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The state folder of subagent-mcp; it may not exist yet. */
export function stateFolderOf(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const { SUBAGENT_MCP_HOME: own, XDG_STATE_HOME: state, LOCALAPPDATA: local } = environment
  if (own) return resolve(own)
  if (platform === 'win32') return join(local ?? join(homedir(), 'AppData', 'Local'), 'subagent-mcp')
  return state && isAbsolute(state)
    ? join(state, 'subagent-mcp')
    : join(environment['HOME'] ?? homedir(), '.subagent-mcp')
}

/** The state folder, for processes that make no further check of it. @throws SubagentError if other users can change it */
export function trustedStateFolder(environment: NodeJS.ProcessEnv): string {
  const folder = stateFolderOf(environment)
  checkTrustedPath(folder)
  return folder
}
