import type { WorkerConnections } from '../workers/worker-connections.js'
import type { ClientInfo, Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from '../port.js'
import { withConnection } from './with-connection.js'

/** Who asks, and the attendance that it is a part of. */
export type Actor = ClientInfo & { attendance?: string }

/** Does something as the worker whose attendance is given, else as a caller of its own. @throws what `connectionOf` throws */
export async function acting<Result>(
  port: DaemonPort,
  { workers, actor: { attendance, ...client } }: { workers: WorkerConnections; actor: Actor },
  act: (connection: Connection) => Result | Promise<Result>,
): Promise<Result> {
  return attendance === undefined ? withConnection(port, client, act) : act(workers.connectionOf(attendance))
}
