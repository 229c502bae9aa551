import { daemonApi, StreamedFact } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { setTimeout as pause } from 'node:timers/promises'
import { openDaemonRequest, readHttpResponseText, type DaemonAddress } from './call-daemon.js'
import { parseServerSentEvents } from './server-sent-events.js'

export type DaemonFactsQuery = {
  after?: number
  agentId?: string
  /** With false the stream ends with the last stored fact. Default: true. */
  follow?: boolean
  /** Called when the daemon begins to send facts, and again after each reconnect. */
  onConnected?: () => void
  signal: AbortSignal
}

/** A fact from the daemon's event stream. `seq` counts up; a fact that is not stored, such as a piece of text, has none. */
export type NumberedFact = { seq?: number; fact: StreamedFact }

/** The time before a broken connection is opened again, in milliseconds. */
const reconnectAfter = 200

/** Yields facts until `signal` aborts, reconnecting without loss or repetition of numbered facts. @throws SubagentError `daemon-unreachable` */
export async function* streamDaemonFacts(
  daemon: DaemonAddress,
  { after, agentId, follow = true, onConnected, signal }: DaemonFactsQuery,
): AsyncGenerator<NumberedFact, void> {
  const isOver = (): boolean => signal.aborted
  let last = after
  while (!isOver()) {
    try {
      const query = { agent: agentId, after: last, follow: String(follow) }
      const response = await openDaemonRequest(daemon, daemonApi.events, { query, signal })
      for await (const { id, event, data } of parseServerSentEvents(readHttpResponseText(response))) {
        if (id !== undefined) last = Number(id)
        if (event === 'position') onConnected?.()
        else
          yield { ...(id !== undefined && { seq: Number(id) }), fact: StreamedFact.parse(JSON.parse(data)) }
      }
      if (!follow) return
    } catch (error) {
      if (isOver()) return
      if (!isBrokenConnection(error)) throw error
    }
    await pause(reconnectAfter, undefined, { signal }).catch(() => {
      // Aborted: the loop ends.
    })
  }
}

/** Whether an error means that the event stream broke off. The next request shows whether the daemon itself is gone. */
function isBrokenConnection(error: unknown): boolean {
  if (error instanceof SubagentError) return false
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}
