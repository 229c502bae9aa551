import { checkTrustedPath } from '@subagent-mcp/client'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** Returns the path of the folder in which subagent-mcp keeps its state. The folder may not exist yet. */
export function getStateFolderPath(
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

/** Returns the path of the state folder. @throws SubagentError if other users own the folder or can write to it */
export function getTrustedStateFolder(environment: NodeJS.ProcessEnv): string {
  const folder = getStateFolderPath(environment)
  checkTrustedPath(folder)
  return folder
}
