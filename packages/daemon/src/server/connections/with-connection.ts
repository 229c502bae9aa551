import type { ClientInfo, Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from '../port.js'
import type { WorkerConnections } from '../workers/worker-connections.js'

/** Connects an HTTP client to the runtime for one action, and disconnects it when the action has ended. */
export async function withConnection<Result>(
  { connect }: DaemonPort,
  { cwd, environment, pid }: ClientInfo,
  act: (connection: Connection) => Result | Promise<Result>,
): Promise<Result> {
  const connection = connect({ cwd, environment, ...(pid !== undefined && { pid }), terminal: true })
  try {
    return await act(connection)
  } finally {
    connection.disconnect()
  }
}

/** The client that sends an HTTP request. `attendance`: the id of the worker connection that the request belongs to. */
export type HttpRequestClient = ClientInfo & { attendance?: string }

/**
 * Runs an action over the connection of the worker that the request names, otherwise over a temporary connection of the client.
 * @throws SubagentError
 */
export async function runAsHttpClient<Result>(
  port: DaemonPort,
  { workers, actor: { attendance, ...client } }: { workers: WorkerConnections; actor: HttpRequestClient },
  act: (connection: Connection) => Result | Promise<Result>,
): Promise<Result> {
  return attendance === undefined ? withConnection(port, client, act) : act(workers.connectionOf(attendance))
}
