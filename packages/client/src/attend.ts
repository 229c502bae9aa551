import { SubagentError } from '@subagent-mcp/contract'
import { api, WorkerConnected, type ConnectWorkerBody } from '@subagent-mcp/api'
import type { EventSourceMessage } from 'eventsource-parser'
import { openDaemonRequest, responseTextOf, type DaemonAddress } from './call.js'
import { parseServerSentEvents } from './read-events.js'

/** An open worker connection. It ends when the worker leaves, the connection breaks or the daemon stops. */
export type OpenWorkerConnection = {
  /** Identifies this worker in its launches, its messages, and the mail that it takes. */
  instance: string
  name: string
  project: string
  /** Resolves when the connection has ended for any reason; never rejects. */
  ended: Promise<void>
  leave(): void
}

/** Connects a worker to the daemon by a request that stays open; aborting `signal` disconnects it. @throws SubagentError, such as `already-running` */
export async function connectWorker(
  daemon: DaemonAddress,
  body: ConnectWorkerBody,
  signal: AbortSignal,
): Promise<OpenWorkerConnection> {
  const leaving = new AbortController()
  const over = AbortSignal.any([signal, leaving.signal])
  const response = await openDaemonRequest(daemon, api.attend, { body, signal: over })
  const messages = parseServerSentEvents(responseTextOf(response))
  const first = await firstOf(messages)
  return {
    ...first,
    ended: untilOver(messages),
    leave: () => {
      leaving.abort()
    },
  }
}

async function firstOf(
  messages: AsyncGenerator<EventSourceMessage>,
): Promise<Pick<WorkerConnected, 'instance' | 'name' | 'project'>> {
  for (let next = await messages.next(); !next.done; next = await messages.next()) {
    if (next.value.event === 'attending') return WorkerConnected.parse(JSON.parse(next.value.data))
  }
  throw new SubagentError('daemon-unreachable', 'the daemon ended the attendance as it began', {
    hint: 'attend again',
  })
}

async function untilOver(messages: AsyncGenerator<EventSourceMessage>): Promise<void> {
  try {
    for (let next = await messages.next(); !next.done; next = await messages.next());
  } catch {
    // The connection broke, so the worker is no longer connected, whatever the reason.
  }
}
