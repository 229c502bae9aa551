import type { SessionSpec } from './driver.js'
import type { Failure } from './failure.js'

export type HostSessionThread = { thread: string; environment: SessionSpec['environment'] }

/** The messages that wait in a host for the end of a session's turn. An idle session begins a turn with one immediately. */
export type HostMessageQueue = {
  /** Queues a message, which the host shows as its user's. `id` is missing where the host names none. Never rejects. */
  add(
    session: HostSessionThread,
    text: string,
  ): Promise<{ type: 'queued'; id?: string } | { type: 'failed'; failure: Failure }>
  /** Removes a message. Resolves to whether it still waited, so that it begins no turn. Never rejects. */
  remove(session: HostSessionThread, id: string): Promise<boolean>
}
