import { setTimeout as delay } from 'node:timers/promises'
import { connectLocalSocket } from '@subagent-mcp/client'
import { stopSignals } from './stop-requests.js'

/** The result of the wait for another daemon: that daemon has ended, or this process got a signal to stop. */
export type DaemonWaitResult = 'gone' | 'stopped'

const lookMs = 3_000

/**
 * Waits while any daemon answers on the socket, also one that replaces the first. Calls `onWait` once if it has to wait. Polls,
 * because an open request would prevent the idle exit of that daemon.
 */
export async function waitUntilNoDaemon(socketPath: string, onWait: () => void): Promise<DaemonWaitResult> {
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
  const socket = await connectLocalSocket(socketPath)
  socket?.destroy()
  return socket !== undefined
}

/** Waits until the next check for a running daemon is due, or until the signal aborts. */
async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(lookMs, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
