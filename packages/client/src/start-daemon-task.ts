import { daemonApi, decodeTaskAnnouncement, type TaskAnnouncement } from '@subagent-mcp/api'
import { callDaemon, type DaemonAddress } from './call-daemon.js'
import type { EndpointAnswer, EndpointBody } from './endpoint-types.js'

/** A launched task. `over` resolves with its answer. */
export type StartedDaemonTask = TaskAnnouncement & { over: Promise<EndpointAnswer<'invoke'>> }

/**
 * Launches a task of a defined agent by a request that stays open; resolves when the task is launched. Aborting `signal` closes
 * the request; the task continues. @throws SubagentError for a task that cannot be launched
 */
export function startDaemonTask(
  daemon: DaemonAddress,
  body: EndpointBody<'invoke'>,
  signal: AbortSignal,
): Promise<StartedDaemonTask> {
  return new Promise((resolve, reject) => {
    const onInformation = (headers: Parameters<typeof decodeTaskAnnouncement>[0]): void => {
      const announcement = decodeTaskAnnouncement(headers)
      if (announcement) resolve({ ...announcement, over })
    }
    const input = { body: { ...body, announce: true }, signal, onInformation }
    const over = callDaemon(daemon, daemonApi.invoke, input)
    over.then(({ agent }) => {
      resolve({ id: agent.id, over })
    }, reject)
  })
}
