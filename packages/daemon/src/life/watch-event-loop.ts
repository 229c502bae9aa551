import { repeatAligned, systemClock } from '@subagent-mcp/contract'
import { url as debuggerUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'

/** How long the event loop may stand still, and the file to which the reason for the end is written. */
export type EventLoopLimits = { limitMs: number; logPath: string }

/**
 * The loop must have stood still at this many looks in a row, which are evenly spaced over the limit. Few are enough to tell a loop that
 * stands still from one that is slow, and each wakes an idle process.
 */
const looks = 6

/**
 * The thread that watches the event loop of the main thread, which counts up a number in shared memory. It counts its own looks instead of
 * the time, so that a machine that was suspended, or is too busy for either thread, ends nothing. It looks once more after it has written
 * its line, because the disk may be what the loop waits for.
 */
const watching = `
const { workerData } = require('node:worker_threads')
const { appendFileSync } = require('node:fs')
const { shared, everyMs, looks, limitMs, logPath } = workerData
const [beats, stop, debugged] = [0, 1, 2]
const memory = new Int32Array(shared)
let last = -1
let missed = 0
const log = (text) => {
  try { appendFileSync(logPath, new Date().toISOString() + ' daemon ' + process.pid + ' ' + text + '\\n') } catch {}
}
while (Atomics.wait(memory, stop, 0, everyMs) === 'timed-out') {
  const now = Atomics.load(memory, beats)
  const goesOn = now !== last || Atomics.load(memory, debugged) === 1
  if (goesOn && missed === looks) log('goes on')
  missed = goesOn ? 0 : missed + 1
  last = now
  if (missed === looks)
    log('is killed unless it goes on: its event loop has stood still for ' + limitMs / 1000 + ' s')
  if (missed > looks) process.kill(process.pid, 'SIGKILL')
}
`

/**
 * Kills this process when its event loop stands still, because then it serves nobody, and cannot even end. Everything that it has
 * journaled goes on in the next process. Does not watch while a debugger may stop it. Returns a function that ends the watch.
 */
export function watchEventLoop({ limitMs, logPath }: EventLoopLimits): () => void {
  const everyMs = limitMs / looks
  const memory = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT))
  const thread = new Worker(watching, {
    eval: true,
    workerData: { shared: memory.buffer, everyMs, looks, limitMs, logPath },
    // The thread must not inherit options such as --import, and needs little memory.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  // Without the thread the process is only not watched.
  thread.on('error', () => undefined)
  thread.unref()
  const stopBeats = repeatAligned(systemClock, everyMs / 2, () => {
    Atomics.add(memory, 0, 1)
    // The thread itself has a debugger of its own.
    Atomics.store(memory, 2, debuggerUrl() === undefined ? 0 : 1)
  })
  return () => {
    stopBeats()
    Atomics.store(memory, 1, 1)
    Atomics.notify(memory, 1)
  }
}
