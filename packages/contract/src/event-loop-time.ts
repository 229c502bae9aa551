import type { Clock } from './clock.js'

/** A wait in event loop time is split into this many parts. A blocked event loop counts as one part at most, however long it was blocked. */
const steps = 10

/**
 * Calls `callback` after `milliseconds` in which the event loop ran; the returned function cancels it. For time
 * limits on a peer: while the loop was blocked, bytes of the peer could not be read, so a timer alone would expire
 * although they have arrived.
 */
export function callAfterEventLoopTime(
  { after }: Pick<Clock, 'after'>,
  milliseconds: number,
  callback: () => void,
): () => void {
  let isOver = false
  let left = steps
  let cancelStep = after(milliseconds / steps, step)
  function step(): void {
    left -= 1
    if (left > 0) cancelStep = after(milliseconds / steps, step)
    // The event loop runs timers before sockets, so the sockets get one more chance.
    else setImmediate(end)
  }
  function end(): void {
    if (!isOver) callback()
  }
  return () => {
    isOver = true
    cancelStep()
  }
}
