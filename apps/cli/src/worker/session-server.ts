import type { WorkerStorageOptions } from '@subagent-mcp/runtime'
import { serverCommand } from '../releases/server-command.js'
import { stateFolderPath } from '../settings/state-folder.js'

/** The MCP server of a worker's sessions: this program. */
export function getSessionMcpServer(
  environment: NodeJS.ProcessEnv,
): NonNullable<WorkerStorageOptions['server']> {
  const { command, args } = serverCommand()
  return { command, args: [...args, 'serve'], home: stateFolderPath(environment) }
}

/** The folder of the state files and logs of workers. */
export function getWorkersFolder(environment: NodeJS.ProcessEnv): string {
  return `${stateFolderPath(environment)}/workers`
}
