import { SubagentError } from '@subagent-mcp/contract'
import { readFact, type Fact } from '@subagent-mcp/core'
import { setTimeout as pause } from 'node:timers/promises'
import { api } from '../api/api.js'
import { decodeSse, type SseMessage } from '../api/sse.js'
import { openCall, textOf, type Daemon } from './call.js'

/** Which facts to follow: those of one agent or all, and those after a number, or from now on. */
export type EventsQuery = {
  after?: number
  agentId?: string
  /** `true` unless given. Without it the facts end where the journal ends. */
  follow?: boolean
  /** Called when facts begin to come, and again after a break. */
  onConnected?: () => void
  signal: AbortSignal
}

/** A fact as it happens. Those that are live only have no number. */
export type FactEvent = { seq?: number; fact: Fact }

/** Before a broken connection is made anew, in milliseconds. */
const reconnectAfter = 200

/**
 * Follows facts until `signal` aborts, over as many connections as it takes: no durable fact is lost or comes twice.
 * @throws SubagentError `daemon-unreachable` when the daemon is gone
 */
export async function* followFacts(
  daemon: Daemon,
  { after, agentId, follow = true, onConnected, signal }: EventsQuery,
): AsyncGenerator<FactEvent, void> {
  const isOver = (): boolean => signal.aborted
  let last = after
  while (!isOver()) {
    try {
      const query = { agent: agentId, after: last, follow: String(follow) }
      const response = await openCall(daemon, api.events, { query, signal })
      for await (const message of decodeSse(textOf(response))) {
        if (message.data === '' && message.id !== undefined) onConnected?.()
        if (message.id !== undefined) last = Number(message.id)
        const event = readEvent(message)
        if (event) yield event
      }
      if (!follow) return
    } catch (error) {
      if (isOver()) return
      if (!isBrokenConnection(error)) throw error
    }
    await pause(reconnectAfter, undefined, { signal }).catch(() => {
      // Aborted: the loop sees it.
    })
  }
}

/** A kind of fact that is not known here passes by. */
function readEvent({ id, data }: SseMessage): FactEvent | undefined {
  const fact = data === '' ? undefined : readFact(JSON.parse(data))
  return fact && { ...(id !== undefined && { seq: Number(id) }), fact }
}

/** The stream ended half-way. That the daemon is gone shows when it is asked again. */
function isBrokenConnection(error: unknown): boolean {
  if (error instanceof SubagentError) return false
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}
