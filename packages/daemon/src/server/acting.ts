import type { Attendances } from './attendances.js'
import type { DaemonPort, Guest, Visit } from './port.js'
import { visiting } from './visiting.js'

/** Who asks, and the attendance that it is a part of. */
export type Actor = Guest & { attendance?: string }

/** Does something as the worker whose attendance is given, else as a caller of its own. @throws what `visitOf` throws */
export async function acting<Result>(
  port: DaemonPort,
  { attendances, actor: { attendance, ...guest } }: { attendances: Attendances; actor: Actor },
  act: (visit: Visit) => Result | Promise<Result>,
): Promise<Result> {
  return attendance === undefined ? visiting(port, guest, act) : act(attendances.visitOf(attendance))
}
