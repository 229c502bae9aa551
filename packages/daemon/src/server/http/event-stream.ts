import type { Clock } from '@subagent-mcp/contract'
import { heartbeat } from './sse.js'
import type { Call } from './route.js'

/** An answer that is written bit by bit, to a reader that may be slow, or gone. */
export type EventStream = {
  /** Does nothing once the stream is over. */
  write(text: string): void
  /** Whether more waits for the reader than should. */
  isFull(): boolean
  /** Calls `goOn` when the reader has taken all that waits for it; hangs up on one that does not. */
  whenDrained(goOn: () => void): void
  /** Nothing more comes. A reader that does not take what waits for it is hung up on. */
  end(): void
  hangUp(): void
}

/** What may wait for a reader, in bytes. */
const longestBacklog = 1024 * 1024
/** How long a reader may take for what waits for it, in milliseconds; one that is cut off can ask again. */
const patience = 30_000
/** How often a sign of life is sent, in milliseconds. */
const heartbeatEvery = 15_000

/** Begins the answer. It shows signs of life until either side ends it. */
export function openEventStream(
  { after }: Clock,
  { response, signal }: Pick<Call, 'response' | 'signal'>,
): EventStream {
  let cancelBeat = after(heartbeatEvery, beat)
  let cancelPatience = (): void => undefined
  function beat(): void {
    write(heartbeat)
    cancelBeat = after(heartbeatEvery, beat)
  }
  const write = (text: string): void => {
    if (!response.writableEnded && !response.destroyed) response.write(text)
  }
  const stop = (): void => {
    cancelBeat()
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
      cancelPatience = after(patience, hangUp)
      response.once('drain', () => {
        cancelPatience()
        goOn()
      })
    },
    end: () => {
      stop()
      cancelPatience = after(patience, hangUp)
      response.end()
    },
  }
}
