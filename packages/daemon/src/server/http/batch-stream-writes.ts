import { createDebouncedCall, type Clock } from '@subagent-mcp/contract'
import type { EventStream } from './event-stream.js'

/** Returns an event stream that writes at most once in so many milliseconds, and then all text that was written meanwhile. */
export function batchStreamWrites(stream: EventStream, clock: Clock, milliseconds: number): EventStream {
  let pieces: string[] = []
  const flush = (): void => {
    if (pieces.length > 0) stream.write(pieces.join(''))
    pieces = []
  }
  const next = createDebouncedCall(clock, milliseconds, flush)
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
      // Stored facts are read until the stream counts as full, so text that waits here must count too.
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
