import type { Attendances } from './attendances.js'
import type { ClientInfo, Connection } from '@subagent-mcp/runtime'
import type { DaemonPort } from './port.js'
import { visiting } from './visiting.js'

/** Who asks, and the attendance that it is a part of. */
export type Actor = ClientInfo & { attendance?: string }

/** Does something as the worker whose attendance is given, else as a caller of its own. @throws what `visitOf` throws */
export async function acting<Result>(
  port: DaemonPort,
  { attendances, actor: { attendance, ...client } }: { attendances: Attendances; actor: Actor },
  act: (connection: Connection) => Result | Promise<Result>,
): Promise<Result> {
  return attendance === undefined ? visiting(port, client, act) : act(attendances.visitOf(attendance))
}
