import { delayCall, type Clock } from '@subagent-mcp/contract'
import type { EventStream } from './event-stream.js'

/** Returns a stream that writes at most once in `milliseconds`: what is written meanwhile goes out together. */
export function batchWrites(stream: EventStream, clock: Clock, milliseconds: number): EventStream {
  let pieces: string[] = []
  const flush = (): void => {
    if (pieces.length > 0) stream.write(pieces.join(''))
    pieces = []
  }
  const next = delayCall(clock, milliseconds, flush)
  const flushNow = (): void => {
    next.cancel()
    flush()
  }
  return {
    ...stream,
    write: (text) => {
      pieces.push(text)
      next.request()
    },
    isFull: () => {
      // Stored facts are read until the stream is full, so what waits here must count.
      if (pieces.length > mostPieces) flushNow()
      return stream.isFull()
    },
    whenDrained: (goOn) => {
      flushNow()
      stream.whenDrained(goOn)
    },
    end: () => {
      flushNow()
      stream.end()
    },
  }
}

const mostPieces = 1_000
