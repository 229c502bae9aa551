import type { Clock } from './clock.js'

/** A standstill of the event loop counts for at most this part of a limit. */
const steps = 10

/**
 * Calls `callback` after `milliseconds` in which the event loop turned; the returned function cancels it. For limits on
 * what a peer has to send or to read: while the loop stood still, what the peer sent was not read. A limit that runs on the
 * clock alone would then end before the bytes that are there already.
 */
export function afterLoopTime(
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
    // Timers come before sockets in each turn of the loop: this lets the sockets have theirs.
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
