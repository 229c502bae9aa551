import type { Transcript } from './entry.js'

/** A turn begins, or begins again on another session. */
export function beginTurn(transcript: Transcript, at: number): Transcript {
  const isFirst = transcript.startedAt === undefined
  const waiting = isFirst ? Math.max(0, transcript.waiting - 1) : transcript.waiting
  const { usage: _, ...rest } = transcript
  return { ...rest, waiting, startedAt: at, hasSaid: false }
}

/** A turn is over; the next begins at once where a message waits. */
export function endTurn({ startedAt: _, ...rest }: Transcript, at: number): Transcript {
  return rest.waiting > 0 ? beginTurn(rest, at) : rest
}
