import { SubagentError } from '@subagent-mcp/contract'
import { delimiter } from 'node:path'
import { homeFolder } from '../settings/home-folder.js'
import { readHouseFiles } from '../settings/house-files.js'
import { lastingFolders } from '../releases/lasting-path.js'
import { isFleeting, running, serverCommand, type Running } from '../releases/server-command.js'
import type { ServiceProgram } from './service-text.js'

/** What the daemon needs of a terminal that it has none of: to find its files, and the CLIs. Nobody's keys. */
const needed = /^(LANG|XDG_STATE_HOME|SUBAGENT_MCP_[A-Z]+_PATH)$/

/** What is left for the daemon to do when its turns have ended, in seconds. */
const endingSeconds = 30

/**
 * What the system is to run, by paths that last.
 * @throws SubagentError `not-supported` where it runs from a place that goes any day, as the cache of npx
 */
export function serviceProgram(environment: NodeJS.ProcessEnv, from: Running = running): ServiceProgram {
  if (isFleeting(from.script)) throw fleeting(from.script)
  const { command, args } = serverCommand(from)
  const { SUBAGENT_MCP_HOME: own, PATH: path = '' } = environment
  const others = Object.entries(environment).filter(([name]) => needed.test(name))
  const { drainSeconds } = readHouseFiles(environment).config.daemon
  return {
    command: [command, ...args, 'daemon', 'run', '--log', '--stay'],
    environment: {
      PATH: lastingFolders(path).join(delimiter),
      ...(own && { SUBAGENT_MCP_HOME: homeFolder(environment) }),
      ...Object.fromEntries(others.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    },
    stopSeconds: Math.ceil(drainSeconds) + endingSeconds,
  }
}

function fleeting(script: string): SubagentError {
  return new SubagentError(
    'not-supported',
    `${script} may be gone any day: a service needs a place that lasts`,
    {
      hint: 'npm install --global subagent-mcp, then subagent-mcp service install',
    },
  )
}
