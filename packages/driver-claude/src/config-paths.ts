import { getHomeFolder, type Environment } from '@subagent-mcp/driver-kit'
import { join } from 'node:path'

export type ClaudeConfigPaths = {
  home: string
  /** The user's `.claude.json`: MCP servers, projects and the account. */
  user: string
  settings: string
  credentials: string
  /** A folder for each working folder, with the transcripts of its sessions. */
  projects: string
}

/** The paths of the files for the user of an environment; they need not exist. */
export function getClaudeConfigPaths(environment: Environment): ClaudeConfigPaths {
  const home = getHomeFolder(environment)
  const configured = environment['CLAUDE_CONFIG_DIR']
  const folder = configured ?? join(home, '.claude')
  return {
    home,
    user: join(configured ?? home, '.claude.json'),
    settings: join(folder, 'settings.json'),
    credentials: join(folder, '.credentials.json'),
    projects: join(folder, 'projects'),
  }
}
