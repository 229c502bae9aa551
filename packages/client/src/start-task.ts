import { api, readAnnouncement, type Announcement } from '@subagent-mcp/api'
import { call, type Daemon } from './call.js'
import type { ApiAnswer, ApiBody } from './table-types.js'

/** A task that was launched, and what becomes of it. */
export type StartedTask = Announcement & { over: Promise<ApiAnswer<'invoke'>> }

/**
 * Has a task done by a request that stays open; resolves when it is launched. Aborting `signal` hangs up, and
 * the task goes on.
 * @throws SubagentError for an order that cannot be carried out
 */
export function startTask(
  daemon: Daemon,
  body: ApiBody<'invoke'>,
  signal: AbortSignal,
): Promise<StartedTask> {
  return new Promise((resolve, reject) => {
    const onInformation = (headers: Parameters<typeof readAnnouncement>[0]): void => {
      const announcement = readAnnouncement(headers)
      if (announcement) resolve({ ...announcement, over })
    }
    const input = { body: { ...body, announce: true }, signal, onInformation }
    const over = call(daemon, api.invoke, input)
    over.then(({ agent }) => {
      resolve({ id: agent.id, over })
    }, reject)
  })
}
