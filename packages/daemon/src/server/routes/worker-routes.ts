import { api } from '@subagent-mcp/api'
import type { Attendances } from './attendances.js'
import { openEventStream } from './event-stream.js'
import type { DaemonPort } from './port.js'
import { route, streamingRoute, type Route } from './route.js'
import { encodeSse } from './sse.js'

/** What workers ask: to be there, and who is. */
export function attendanceRoutes({ supervisor }: DaemonPort, attendances: Attendances): Route[] {
  return [
    route(api.listAttendances, () => ({ attendances: [...attendances.list()] })),
    streamingRoute(api.attend, async ({ body }, call) => {
      const { attendance, over } = await attendances.enter(body, call.signal)
      const { instance, name, project } = attendance
      const stream = openEventStream(supervisor.clock, call)
      stream.write(encodeSse({ event: 'attending', data: JSON.stringify({ instance, name, project }) }))
      if (over.aborted) stream.end()
      over.addEventListener('abort', stream.end)
    }),
  ]
}
