import { SubagentError, selectDefinedVariables } from '@subagent-mcp/contract'
import {
  hasServiceFile,
  isTemporaryScriptPlace,
  listLastingPathFolders,
  createServerCommandForHosts,
  getServiceManager,
  type RunningProgram,
  type ServiceCommand,
} from '@subagent-mcp/installer'
import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { describeGlobalInstall, runningProgram } from '../releases/server-command.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { readUserSettings } from '../settings/user-settings.js'

/**
 * The command with which the system runs the daemon, with paths that survive updates.
 * @throws SubagentError `not-supported` for a program in a folder that may be deleted, such as the cache of npx
 */
export function buildDaemonServiceCommand(
  environment: NodeJS.ProcessEnv,
  program: RunningProgram = runningProgram,
): ServiceCommand {
  if (isTemporaryScriptPlace(program.script)) throw placeMayVanish(program.script)
  const { command, args } = createServerCommandForHosts(program)
  const { SUBAGENT_MCP_HOME: own, PATH: path = '' } = environment
  const others = Object.entries(environment).filter(([name]) => neededVariables.test(name))
  const { drainSeconds } = readUserSettings(environment).config.daemon
  return {
    command: [command, ...args, 'daemon', 'run', '--log', '--stay'],
    environment: {
      PATH: listLastingPathFolders(path).join(delimiter),
      ...(own && { SUBAGENT_MCP_HOME: getStateFolderPath(environment) }),
      ...selectDefinedVariables(Object.fromEntries(others)),
    },
    stopSeconds: Math.ceil(drainSeconds) + endingSeconds,
  }
}

/** The variables of a terminal that the daemon needs to find its files and the CLIs. They contain no keys. */
const neededVariables = /^(LANG|XDG_STATE_HOME|SUBAGENT_MCP_[A-Z]+_PATH)$/

/** The seconds that the system lets the daemon take to exit after its turns have ended. */
const endingSeconds = 30

/** Returns the file of the service that keeps a daemon running for this state folder; undefined if there is no such service. */
export function findDaemonServiceFile(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const { path } = getServiceManager(environment)
    return hasServiceFile(path) && isFor(environment, readFileSync(path, 'utf8')) ? path : undefined
  } catch (error) {
    // This system has no services, or the file is another program's.
    if (error instanceof SubagentError) return undefined
    throw error
  }
}

/** Whether a service file is for this state folder: it names the folder, or none if the folder is the default one. */
function isFor(environment: NodeJS.ProcessEnv, text: string): boolean {
  const folder = getStateFolderPath(environment)
  // A value ends so in a unit of systemd, and in a property list of launchd.
  if (text.includes('SUBAGENT_MCP_HOME')) return ['"', '</string>'].some((end) => text.includes(folder + end))
  const { SUBAGENT_MCP_HOME: _, ...others } = environment
  return folder === getStateFolderPath(others)
}

function placeMayVanish(script: string): SubagentError {
  const message = `${script} may be gone any day: a service needs a place that lasts`
  const hint = `${describeGlobalInstall()}, then subagent-mcp service install`
  return new SubagentError('not-supported', message, { hint })
}
