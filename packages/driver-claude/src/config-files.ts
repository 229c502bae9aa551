import type { Environment } from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Claude Code keeps a user's files. */
export type ConfigFiles = {
  home: string
  /** Servers, projects, the account. */
  user: string
  settings: string
  credentials: string
  /** What is kept of each session, by the folder that it worked in. */
  projects: string
}

/** The files of the user whose environment this is; they need not exist. */
export function configFiles(environment: Environment): ConfigFiles {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
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
