import { SubagentError } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import { homeFolder } from '../settings/home-folder.js'
import { hasServiceFile } from './service-file.js'
import { serviceManager } from './service-manager.js'

/** The file of the service that keeps a daemon for this state folder: where one ends, it is there with the next. */
export function serviceOf(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const { path } = serviceManager(environment)
    return hasServiceFile(path) && isFor(environment, readFileSync(path, 'utf8')) ? path : undefined
  } catch (error) {
    // None is known on this system, or it is somebody else's.
    if (error instanceof SubagentError) return undefined
    throw error
  }
}

/** A service has a folder of its own, or the usual one. */
function isFor(environment: NodeJS.ProcessEnv, text: string): boolean {
  const folder = homeFolder(environment)
  // As a unit of systemd ends it, and a property list of launchd.
  if (text.includes('SUBAGENT_MCP_HOME')) return ['"', '</string>'].some((end) => text.includes(folder + end))
  const { SUBAGENT_MCP_HOME: _, ...usual } = environment
  return folder === homeFolder(usual)
}
