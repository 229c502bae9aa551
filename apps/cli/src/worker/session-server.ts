import type { WorkerStorageOptions } from '@subagent-mcp/runtime'
import { getServerCommand } from '../releases/server-command.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { version } from '../version.js'

/** The MCP server of a worker's sessions: this program. */
export function getSessionMcpServer(
  environment: NodeJS.ProcessEnv,
): NonNullable<WorkerStorageOptions['server']> {
  const { command, args } = getServerCommand()
  return { command, args: [...args, 'serve'], home: getStateFolderPath(environment), version }
}

/** The folder of the state files and logs of workers. */
export function getWorkersFolder(environment: NodeJS.ProcessEnv): string {
  return `${getStateFolderPath(environment)}/workers`
}
