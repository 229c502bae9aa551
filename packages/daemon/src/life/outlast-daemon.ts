import { setTimeout as delay } from 'node:timers/promises'
import { connectSocket } from '@subagent-mcp/client'
import { stopSignals } from './stop-signals.js'

/** The other daemon is gone, or this process got a signal to stop. */
export type Outlasted = 'gone' | 'stopped'

const lookMs = 3_000

/**
 * Waits while a daemon answers, whichever: of those that start when one is killed, one serves. Calls `onWait` when there
 * is one. A request that stays open would tell of its end sooner, and keep it from ending when nobody needs it.
 */
export async function outlastDaemon(socketPath: string, onWait: () => void): Promise<Outlasted> {
  const stop = new AbortController()
  const onSignal = (): void => {
    stop.abort()
  }
  for (const signal of stopSignals) process.on(signal, onSignal)
  try {
    if (!(await answers(socketPath))) return stop.signal.aborted ? 'stopped' : 'gone'
    onWait()
    do await pause(stop.signal)
    while (!stop.signal.aborted && (await answers(socketPath)))
    return stop.signal.aborted ? 'stopped' : 'gone'
  } finally {
    for (const signal of stopSignals) process.off(signal, onSignal)
  }
}

async function answers(socketPath: string): Promise<boolean> {
  const socket = await connectSocket(socketPath)
  socket?.destroy()
  return socket !== undefined
}

/** Ends early when the signal aborts. */
async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(lookMs, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
