import { setTimeout as delay } from 'node:timers/promises'
import { connectLocalSocket } from './connect-socket.js'

const lookMs = 200

/** Waits until no draining daemon holds the socket; calls `onWait` once if it must wait. The daemon limits its own draining. */
export async function waitForDrainingDaemon(socketPath: string, onWait: () => void): Promise<void> {
  const socket = await connectLocalSocket(socketPath)
  if (socket === undefined) return
  socket.destroy()
  // It takes 10 ms to load, and as a rule there is none to ask.
  const { isDaemonDraining } = await import('./is-ending.js')
  for (let looks = 0; await isDaemonDraining(socketPath); looks += 1) {
    if (looks === 0) onWait()
    await delay(lookMs)
  }
}
