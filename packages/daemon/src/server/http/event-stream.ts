import { repeatAligned, type Clock } from '@subagent-mcp/contract'
import { serverSentHeartbeat } from './server-sent-event.js'
import type { HttpRequestContext } from './route.js'

/** A server-sent event stream to a client that may read slowly or disconnect. */
export type EventStream = {
  /** Writes an event; does nothing after the stream has ended. */
  write(text: string): void
  /** Whether more than 1 MB of events is unread. */
  isFull(): boolean
  /** Calls `goOn` when the client has read all events. Closes the connection if that takes more than 30 s. */
  whenDrained(goOn: () => void): void
  /** Ends the stream. Closes the connection if the reader does not read the remaining events within 30 s. */
  end(): void
  hangUp(): void
}

/** The most unread bytes of an event stream, after which no more facts are read for it. */
const longestBacklog = 1024 * 1024
/** The milliseconds that a client has to read the events that were already sent to it; then its connection is closed. It can reconnect. */
const patience = 30_000
/** The interval between heartbeats on an event stream, in milliseconds. */
const heartbeatEvery = 15_000

/** Starts the response of an event stream, and sends heartbeats until either side ends it. */
export function openEventStream(
  clock: Clock,
  { response, signal }: Pick<HttpRequestContext, 'response' | 'signal'>,
): EventStream {
  let cancelPatience = (): void => undefined
  const write = (text: string): void => {
    if (!response.writableEnded && !response.destroyed) response.write(text)
  }
  const stopHeartbeats = repeatAligned(clock, heartbeatEvery, () => write(serverSentHeartbeat))
  const stop = (): void => {
    stopHeartbeats()
    cancelPatience()
  }
  const hangUp = (): void => {
    stop()
    response.destroy()
  }

  signal.addEventListener('abort', stop, { once: true })
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  return {
    write,
    hangUp,
    isFull: () => response.writableLength > longestBacklog,
    whenDrained: (goOn) => {
      cancelPatience = clock.after(patience, hangUp)
      response.once('drain', () => {
        cancelPatience()
        goOn()
      })
    },
    end: () => {
      stop()
      cancelPatience = clock.after(patience, hangUp)
      response.end()
    },
  }
}
