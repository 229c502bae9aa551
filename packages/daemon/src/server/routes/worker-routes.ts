import { api } from '@subagent-mcp/api'
import type { WorkerConnections } from '../workers/worker-connections.js'
import { openEventStream } from '../http/event-stream.js'
import type { DaemonPort } from '../port.js'
import { apiRoute, streamingRoute, type HttpRoute } from '../http/route.js'
import { encodeSse } from '../http/sse.js'

export function workerRoutes({ supervisor }: DaemonPort, workers: WorkerConnections): HttpRoute[] {
  return [
    apiRoute(api.listAttendances, () => ({ attendances: [...workers.list()] })),
    streamingRoute(api.attend, async ({ body }, call) => {
      const { attendance, over } = await workers.enter(body, call.signal)
      const { instance, name, project } = attendance
      const stream = openEventStream(supervisor.clock, call)
      stream.write(encodeSse({ event: 'attending', data: JSON.stringify({ instance, name, project }) }))
      if (over.aborted) stream.end()
      over.addEventListener('abort', stream.end)
    }),
  ]
}
