import type { ClientInfo, Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from '../daemon-port.js'

/** Connects an HTTP client to the runtime for one action, and disconnects it when the action has ended. */
export async function withClientConnection<Result>(
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
